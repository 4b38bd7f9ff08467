#include <stdio.h>
#include <string.h>

#include "readout/commands.h"

static void print_header(void *to, const char *name, struct slice value)
{
    fprintf(to, "%s: %.*s\n", name, SLICE_ARGS(value));
}

static void print_reply(const struct exchange *exchange, const struct settings *settings, bool with_headers)
{
    struct http_options options = {.cors_origins = slice_of(settings->text[SETTING_CORS_ORIGINS]), .server_links = app_links()};
    if (with_headers) {
        printf("%d\n", exchange->reply.status);
        reply_emit_headers(&exchange->request, &exchange->reply, &options, print_header, stdout);
        printf("\n");
    }
    fwrite(exchange->reply.body.data, 1, exchange->reply.body.length, stdout);
    if (exchange->reply.body.length && exchange->reply.body.data[exchange->reply.body.length - 1] != '\n')
        printf("\n");
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
    app_answer(house.app, &exchange, &error);
    if (!error.kind)
        print_reply(&exchange, settings, with_headers);
    int status = error.kind ? complain(&error) : exchange.reply.status / 100 == 2 ? 0 : 1;
    arena_release(&exchange.arena);
    house_close(&house);
    return status;
}
