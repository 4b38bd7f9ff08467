/* The event loops and what passes through them: shared by the files of this room that speak to libmicrohttpd, and by no others.
 *
 * A peer is the other end of a connection. A transfer is one request of it, with its exchange, and is used again by later
 * requests, so that a steady stream of them allocates nothing of ours. */
#ifndef READOUT_HTTP_LOOP_H
#define READOUT_HTTP_LOOP_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "internal.h"

#define SECOND      INT64_C(1000000000) /* in nanoseconds */
#define MILLISECOND INT64_C(1000000)
#define NEVER       INT64_MAX

enum {
    CALLER_BUCKETS = 1024,
    POOL_SIZE = 16384, /* for one connection's headers, in and out; the library clears it after each request */
    REPLY_ROOM = 2560, /* what must be left of the pool for the reply's headers */
    REPLY_FRAME = 256, /* of those, what the library adds: status line, Date, Content-Length, Connection */
};

/* What a connection is doing, and so how long it may take. */
enum phase {
    PHASE_WAITING,   /* for the first line of a request */
    PHASE_RECEIVING, /* its headers and body */
    PHASE_ANSWERING, /* nothing is expected from the peer */
    PHASE_SENDING,   /* it takes its reply */
    PHASE_LINGERING, /* has its reply, and sends what nobody wants */
    PHASE_COUNT
};

struct peer {
    struct peer *previous, *next;
    struct loop *loop;
    struct transfer *transfer;
    struct tls_link *link; /* NULL: plain HTTP */
    int socket;
    bool watched;    /* the loop hears of its leaving even while its connection is suspended */
    bool left;       /* it has: it sends nothing more, and may not read either */
    bool greeted;    /* its first request has begun */
    bool refused;    /* it was answered before it had sent its body */
    size_t unwanted; /* bytes of that since */
    bool counted;    /* among the connections of its address */
    enum phase phase;
    int64_t since, deadline;
    int64_t looked_at; /* at how much of its reply it had taken; 0: not yet */
    uint64_t taken;
    struct address from;
    char address[64];
};

/* How many connections an address has, over all loops; those that have any. */
struct caller {
    struct caller *next;
    struct address site;
    unsigned count;
};

struct callers {
    pthread_mutex_t lock;
    uint64_t secret; /* so that nobody can choose addresses for one bucket */
    struct caller *buckets[CALLER_BUCKETS];
};

/* The peers in one phase; all have the same time, so the first is the first to run out of it. */
struct queue {
    struct peer *first, *last;
};

/* Where a reply's stream stands. */
struct flow {
    struct transfer *previous, *next; /* among those that wait */
    int64_t until;                    /* waits no longer than this */
    bool open, waits;
    enum stream_step step; /* what the latest call of next() said; MORE when it must be asked again */
    unsigned calls;        /* the loop's, when it was asked */
    struct arena arena;    /* of the piece; empty while it waits */
    struct buffer piece;
    size_t taken; /* of the piece */
    size_t sent;  /* in all */
    enum coding coding;
    struct compressor *compressor; /* NULL until the first piece, and where there is no coding */
};

struct transfer {
    struct exchange exchange;
    struct transfer *next; /* among the spare ones */
    struct loop *loop;
    struct peer *peer;
    struct MHD_Connection *connection;
    struct buffer body;
    const struct reply *wire; /* the reply as it is sent: coded, or exchange.reply; NULL: not yet */
    struct flow flow;
    size_t received; /* bytes of the body so far, kept or not */
    size_t pending;  /* bytes that it holds, as far as they are counted */
    size_t room;     /* what is left of the pool for the reply's headers */
    bool begun;      /* its headers have been read */
    bool misframed;  /* where it ends cannot be told: the connection ends with its reply */
    bool answered;   /* the service has been asked */
    bool ready;      /* exchange.reply is filled in */
    bool abandoned;  /* the server stops without waiting for its answer */
};

struct spare_compressors {
    struct compressor *items[2];
    size_t count;
};

struct loop {
    struct http_server *server;
    int number;
    pthread_t thread;
    void *state; /* the service's */
    struct MHD_Daemon *daemon;
    int poll, wake, listening;
    bool quiet;   /* accepts no more */
    bool closing; /* and sends no more */
    struct queue peers[PHASE_COUNT];
    struct transfer *spare;
    size_t spare_count, abandoned, lingering;
    size_t connections, connections_most; /* the library's */
    struct spare_compressors compressors[CODING_COUNT];
    struct transfer *waiting; /* for their streams to go on */
    int64_t waiting_until;    /* none of them waits less long */
    unsigned calls;           /* how often streams were to be asked again */
    atomic_int streams;       /* open ones */
    atomic_bool called;       /* by http_wake() */
    atomic_bool asked;        /* by http_is_turning(), and not yet answered */
    pthread_mutex_t lock;
    struct exchange *finished_first, *finished_last; /* by other threads; under the lock */
};

struct http_server {
    struct http_options options;
    struct http_service service;
    struct tls *tls; /* NULL: plain HTTP */
    int socket;
    int started; /* loops whose threads run */
    struct callers callers;
    atomic_size_t pending; /* bytes on their way, over all transfers */
    atomic_bool stopping;
    int64_t stop_by; /* set before `stopping` */
    pthread_mutex_t lock;
    pthread_cond_t reported;
    int reports; /* loops that have opened or failed; under the lock */
    struct error error;
    struct loop loops[];
};

/* ---- loop.c */

void *loop_main(void *loop);       /* a loop's thread */
void loop_wake(struct loop *loop); /* any thread */
/* Has the loop told of `events` of a descriptor. False: the system refuses. */
bool loop_watch(struct loop *loop, int descriptor, uint32_t events, void *whom);

/* The library sees the end of the stream and closes the connection in its next turn. */
void hang_up(struct peer *peer);
void hang_up_on_slow_request(struct peer *peer);

/* ---- limits.c */

void callers_open(struct callers *callers);
/* Counts it among those of its address. False: that has too many. */
bool caller_arrived(struct peer *peer);
void caller_left(struct peer *peer);

/* The bytes that the transfer holds; 0 when it holds none any more. */
void pending_set(struct transfer *transfer, size_t bytes);
/* Whether it may hold so many, and then they are counted. */
bool pending_ask(struct transfer *transfer, size_t bytes);
/* Counts what the reply holds. False: there is no room for it, and nothing was done that its client must hear of. */
bool pending_reply(struct transfer *transfer);

/* Cuts off those who do not take their replies. */
void look_at_readers(struct loop *loop, int64_t now);
/* Whether hardly anybody can come in; and closes connections that do little, if so. */
bool is_crowded(const struct loop *loop);
void make_room(struct loop *loop, int64_t now);
/* Closes those that have waited since before then, except where a request is just coming in; how many. */
size_t hang_up_on_idle(struct loop *loop, int64_t before, size_t most);

/* ---- transfer.c */

void peer_enter(struct peer *peer, enum phase phase, int64_t now);
/* Its reply is on its way from now on. */
void begin_sending(struct peer *peer);
const union MHD_ConnectionInfo *connection_info(struct MHD_Connection *connection, enum MHD_ConnectionInfoType type);
void forget_peer(struct peer *peer); /* its connection is closed */
void free_spare_transfers(struct loop *loop);

/* What the library calls; `context` is the loop. */
void on_connection(void *context, struct MHD_Connection *connection, void **peer, enum MHD_ConnectionNotificationCode what);
void *begin_transfer(void *context, const char *target, struct MHD_Connection *connection);
void end_transfer(void *context, struct MHD_Connection *connection, void **transfer, enum MHD_RequestTerminationCode how);

/* ---- lingering.c */

/* The library closes the connection of a peer that was refused. False: there is nothing to stay for. */
bool linger(struct peer *peer);
void drain(struct peer *peer);
void stop_lingering(struct peer *peer);

/* ---- tls.c */

/* Reads the two files; NULL says why it cannot. */
struct tls *tls_open(const char *certificate_file, const char *key_file, struct error *error);
void tls_close(struct tls *tls); /* when no connection is left; NULL is fine */
bool tls_reload(struct tls *tls, struct error *error);

/* What the library is started with. */
struct tls_texts {
    const char *certificate, *key, *priorities;
};
struct tls_texts tls_texts(const struct tls *tls);

void tls_begin(struct peer *peer, struct MHD_Connection *connection);
void tls_end(struct peer *peer); /* its session is gone */
/* Something is there for a handshake that waits. False: none does. */
bool tls_go_on(struct peer *peer);
/* Past the library, like send(); and says that nothing follows. */
bool tls_send_last(struct peer *peer, struct slice bytes);

/* ---- coding.c */

struct compressor *take_compressor(struct loop *loop, enum coding coding);
void give_compressor(struct loop *loop, enum coding coding, struct compressor *compressor);
void free_compressors(struct loop *loop);

/* The reply as it is sent, and its coding; of a stream only the headers, since its pieces are coded one by one. */
const struct reply *encode_reply(struct transfer *transfer, enum coding *coding);
/* Puts what the body says in the place of a coded body. */
enum expansion decode_body(struct transfer *transfer);

/* ---- receiving.c */

void refuse_request(struct transfer *transfer, const char *code, const char *detail);
void refuse_overload(struct transfer *transfer);
enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                           const char *version, const char *data, size_t *length, void **transfer);

/* ---- replying.c */

enum MHD_Result send_reply(struct transfer *transfer);
/* Sends the reply past the library, which takes none while a body is on its way, and hangs up. What the peer's window does not
 * take at once is lost, and a few hundred bytes always fit. */
void hang_up_with_reply(struct transfer *transfer);

/* ---- streaming.c */

/* The body of a reply that has a stream. */
struct MHD_Response *open_stream(struct transfer *transfer, enum coding coding);
/* The reply has left or never will; once, for each reply that has a stream. */
void close_stream(struct transfer *transfer);
/* Those that wait are asked again: all of them, or those whose time has come. */
void resume_streams(struct loop *loop);
void resume_due_streams(struct loop *loop, int64_t now);
/* The peer has left: nobody need wait for its stream. */
void peer_gone(struct peer *peer);

#endif
