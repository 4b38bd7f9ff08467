"""The disk that fails on demand (disk.c), from this side: its controls, and the log of what was written."""
import mmap
import struct

KINDS = ["open", "read", "write", "truncate", "sync", "size", "lock", "shm_map", "shm_lock", "delete", "access"]
MAIN, WAL, JOURNAL, OTHER = range(4)
EVERY_ROLE = 0b1111
CONTROL = struct.Struct(f"=7I{len(KINDS)}I")
ENTRY = struct.Struct("=QQqIIII")


class Disk:
    def __init__(self, trial, logged=False):
        self.path, self.log = trial.folder / "disk", trial.folder / "disk.log"
        self.path.write_bytes(bytes(CONTROL.size))
        self.log.unlink(missing_ok=True)
        with self.path.open("r+b") as file:
            self.memory = mmap.mmap(file.fileno(), CONTROL.size)
        self.environment = {"LD_PRELOAD": str(trial.disk), "READOUT_DISK": str(self.path)}
        if logged:
            self.environment["READOUT_DISK_LOG"] = str(self.log)

    def fail(self, kind, code, nth, lasting, roles=EVERY_ROLE):
        """The nth call of this kind from now on; with nth 0 they are only counted."""
        self.memory[:28] = struct.pack("=7I", KINDS.index(kind), 0, code, lasting, roles, 0, 0)
        self.memory[4:8] = struct.pack("=I", nth)

    def heal(self):
        self.memory[4:8] = bytes(4)

    @property
    def seen(self):
        return struct.unpack_from("=I", self.memory, 20)[0]

    @property
    def failed(self):
        return struct.unpack_from("=I", self.memory, 24)[0]


class Entry:
    __slots__ = ("time", "number", "offset", "kind", "role", "data")

    def __init__(self, time, number, offset, kind, role, data):
        self.time, self.number, self.offset, self.kind, self.role, self.data = time, number, offset, KINDS[kind], role, data


def read_log(path):
    """Up to where the server was killed."""
    bytes_, at, entries = path.read_bytes(), 0, []
    while at + ENTRY.size <= len(bytes_):
        time, number, offset, kind, role, length, _ = ENTRY.unpack_from(bytes_, at)
        at += ENTRY.size
        if at + length > len(bytes_):
            break
        entries.append(Entry(time, number, offset, kind, role, bytes_[at:at + length]))
        at += length
    return entries
