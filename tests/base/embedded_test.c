#include <criterion/criterion.h>

#include "readout/embedded.h"

Test(embedded, holds_the_contract)
{
    cr_assert(slice_starts(embedded_contract(), "openapi:") || slice_starts(embedded_contract(), "#"));
    cr_assert_eq(embedded_contract().data[embedded_contract().length], '\0');
}

Test(embedded, holds_the_demonstration_a_json_object_a_line)
{
    struct slice rest = embedded_demonstration();
    cr_assert_gt(rest.length, 0);
    while (rest.data && rest.length > 0)
        cr_assert(slice_starts(slice_cut(&rest, '\n'), "{"));
}

Test(embedded, holds_the_pages)
{
    for (const struct embedded_file *file = embedded_web(); file->name; file++) {
        cr_assert(file->text.length > 0, "%s is empty", file->name);
        cr_assert(slice_starts(file->gzip, "\x1f\x8b"), "%s is not compressed", file->name);
    }
}

Test(embedded, lists_the_migrations_in_their_order)
{
    const struct embedded_migration *migration = embedded_migrations();
    int number = 0;
    for (; migration->name; migration++) {
        long long written;
        struct slice name = slice_of(migration->name);
        cr_assert(slice_to_int(slice_cut(&name, '_'), &written));
        cr_assert_eq(written, ++number);
        cr_assert_gt(migration->sql.length, 0);
    }
    cr_assert_gt(number, 0);
}
