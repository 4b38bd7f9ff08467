-- Who wrote what: the name of the key that each change was asked for with, as it then was.

ALTER TABLE change ADD COLUMN "by" TEXT;               -- NULL: no key was shown, or it was written before this was noted
