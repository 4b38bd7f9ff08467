#include <stdio.h>
#include <string.h>

#include "readout/commands.h"

static void print_header(void *to, const char *name, struct slice value)
{
    fprintf(to, "%s: %.*s\n", name, SLICE_ARGS(value));
}

/* What is printed, and how. */
struct printing {
    const struct exchange *exchange;
    const struct settings *settings;
    bool with_headers, begun;
    char last; /* character */
};

static void print_headers(const struct printing *printing)
{
    const struct exchange *exchange = printing->exchange;
    struct http_options options = {.cors_origins = slice_of(printing->settings->text[SETTING_CORS_ORIGINS]),
                                   .server_links = app_links()};
    printf("%d\n", exchange->reply.status);
    reply_emit_headers(&exchange->request, &exchange->reply, &options, print_header, stdout);
    printf("\n");
}

static void print_piece(void *to, struct slice piece)
{
    struct printing *printing = to;
    if (printing->with_headers && !printing->begun)
        print_headers(printing);
    printing->begun = true;
    fwrite(piece.data, 1, piece.length, stdout);
    if (piece.length)
        printing->last = piece.data[piece.length - 1];
}

int command_get(struct settings *settings, char **arguments, int count)
{
    struct error error = {0};
    struct house house;
    bool with_headers = count == 2 && strcmp(arguments[0], "-i") == 0;
    if (count != 1 + with_headers || arguments[count - 1][0] != '/') {
        fprintf(stderr, "readout: usage: readout get [-i] PATH, with a path such as /v1/claims?limit=5\n");
        return 2;
    }
    if (!house_open(&house, settings, ENGINE_READ, &error))
        return complain(&error);
    struct exchange exchange = {.owner = NULL};
    exchange.request = (struct request){
        .arena = &exchange.arena, .method = METHOD_GET, .target = slice_of(arguments[count - 1]), .client = SLICE("local")};
    const char *public_url = settings->text[SETTING_PUBLIC_URL];
    request_prepare(&exchange.request, public_url[0] ? slice_of(public_url) : NO_SLICE);
    struct printing printing = {.exchange = &exchange, .settings = settings, .with_headers = with_headers, .last = '\n'};
    app_answer(house.app, &exchange, print_piece, &printing, &error);
    if (printing.last != '\n')
        printf("\n");
    int status = error.kind ? complain(&error) : exchange.reply.status / 100 == 2 ? 0 : 1;
    arena_release(&exchange.arena);
    house_close(&house);
    return status;
}
