/* From a path to its operations, by a tree with a node for each segment. */
#include <string.h>

#include "contract_private.h"

struct path_node {
    struct slice literal;
    struct path_node *children; /* those with a literal segment, linked by `next` */
    struct path_node *next;
    struct path_node *variable;    /* the one that takes any segment */
    const struct path_entry *path; /* the path that ends here; NULL: none does */
};

/* ---- building ------------------------------------------------------------------------------------------------------------- */

static bool is_parameter(struct slice segment)
{
    return segment.length > 2 && segment.data[0] == '{' && segment.data[segment.length - 1] == '}';
}

struct slice template_parameter(struct slice *rest)
{
    while (rest->data) {
        struct slice segment = slice_cut(rest, '/');
        if (is_parameter(segment))
            return (struct slice){segment.data + 1, segment.length - 2};
    }
    return NO_SLICE;
}

static struct path_node *find_literal(const struct path_node *node, struct slice segment)
{
    for (struct path_node *child = node->children; child; child = child->next) {
        if (child->literal.length == segment.length && memcmp(child->literal.data, segment.data, segment.length) == 0)
            return child;
    }
    return NULL;
}

/* The node for one more segment, made when it is new. */
static struct path_node *step(struct arena *arena, struct path_node *node, struct slice segment)
{
    if (is_parameter(segment)) {
        if (!node->variable)
            node->variable = arena_zero(arena, sizeof *node);
        return node->variable;
    }
    struct path_node *child = find_literal(node, segment);
    if (child)
        return child;
    child = arena_zero(arena, sizeof *child);
    child->literal = segment;
    struct path_node **last = &node->children;
    while (*last)
        last = &(*last)->next;
    *last = child;
    return child;
}

static bool segment_holds(struct load *load, struct slice segment, int line)
{
    if (!segment.length)
        return refuse(load, line, "a path has no empty segment and no slash at its end");
    if (!is_parameter(segment) && (memchr(segment.data, '{', segment.length) || memchr(segment.data, '}', segment.length)))
        return refuse(load, line, "a path parameter is a whole segment, like {id}");
    return true;
}

static bool names_hold(struct load *load, const char *template, int line)
{
    struct slice names[PATH_VALUES_MAX], rest = slice_of(template), name;
    size_t count = 0;
    while ((name = template_parameter(&rest)).data) {
        for (size_t i = 0; i < count; i++) {
            if (slice_equal(names[i], name))
                return refuse(load, line, "this path has {%.*s} twice", SLICE_ARGS(name));
        }
        if (count == PATH_VALUES_MAX)
            return refuse(load, line, "a path has at most %d parameters", PATH_VALUES_MAX);
        names[count++] = name;
    }
    return true;
}

bool path_add(struct load *load, const struct path_entry *path, int line)
{
    struct contract *contract = load->contract;
    struct slice rest = slice_of(path->template);
    if (!slice_starts(rest, "/"))
        return refuse(load, line, "a path begins with \"/\"");
    if (!names_hold(load, path->template, line))
        return false;
    if (!contract->paths)
        contract->paths = arena_zero(&contract->arena, sizeof *contract->paths);
    struct path_node *node = contract->paths;
    slice_cut(&rest, '/');
    bool root = rest.length == 0;
    while (!root && rest.data) {
        struct slice segment = slice_cut(&rest, '/');
        if (!segment_holds(load, segment, line))
            return false;
        node = step(&contract->arena, node, segment);
    }
    if (node->path)
        return refuse(load, line, "this path is the same as \"%s\"", node->path->template);
    node->path = path;
    return true;
}

/* ---- matching ------------------------------------------------------------------------------------------------------------- */

/* Tries the literal first and the parameter when that leads nowhere: "/actors/{id}/claims" is found beside
 * "/actors/by-name/{name}". */
static const struct path_entry *descend(const struct path_node *node, struct slice rest, struct route *route)
{
    if (!rest.data)
        return node->path;
    struct slice segment = slice_cut(&rest, '/');
    if (!segment.length)
        return NULL;
    const struct path_node *child = find_literal(node, segment);
    const struct path_entry *found = child ? descend(child, rest, route) : NULL;
    if (found || !node->variable || route->value_count == PATH_VALUES_MAX)
        return found;
    size_t depth = route->value_count++;
    route->values[depth] = segment;
    found = descend(node->variable, rest, route);
    if (!found)
        route->value_count = depth;
    return found;
}

struct route contract_match(const struct contract *contract, struct slice method, struct slice path)
{
    struct route route = {.operation = NULL};
    if (!contract->paths || !path.length || path.data[0] != '/')
        return route;
    struct slice rest = {path.data + 1, path.length - 1};
    const struct path_entry *found = rest.length ? descend(contract->paths, rest, &route) : contract->paths->path;
    if (!found) {
        route.value_count = 0;
        return route;
    }
    route.path = found->template;
    memcpy(route.methods, found->methods, sizeof route.methods);
    if (slice_is(method, "HEAD"))
        method = SLICE("GET");
    for (size_t i = 0; i < found->operation_count; i++) {
        if (slice_is(method, found->operations[i]->method))
            route.operation = found->operations[i];
    }
    return route;
}
