/* TLS by GnuTLS, below libmicrohttpd: the pair of certificate and key, which can be changed while the server runs, and what the
 * library's sessions need besides.
 *
 * A connection is given the pair that is current when it comes and keeps it to its end, so a new pair disturbs nobody.
 *
 * While a handshake waits for its peer, libmicrohttpd 0.9.75 goes on taking the socket for readable and tries again at once: one
 * silent peer would keep a core busy. So the bytes are fetched by a function of ours, and where none are there a connection that
 * has sent no request yet is suspended until the loop hears from its socket. */
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "loop.h"
#include "readout/clock.h"
#include "readout/log.h"

/* What was read from the two files. The library wants the texts of the first pair. */
struct pair {
    gnutls_certificate_credentials_t credentials;
    gnutls_datum_t certificate, key; /* PEM, with a NUL behind */
    size_t holders;                  /* connections, and one while it is the current pair; under the lock */
};

struct tls {
    const char *certificate_file, *key_file;
    pthread_mutex_t lock; /* over `current` and the holders of all pairs */
    struct pair *current;
};

struct tls_link {
    gnutls_session_t session; /* the library's */
    struct MHD_Connection *connection;
    struct pair *pair;
    bool aside; /* suspended until its peer sends more */
};

/* ---- pairs ------------------------------------------------------------------------------------------------------------- */

static void pair_free(struct pair *pair)
{
    gnutls_certificate_free_credentials(pair->credentials);
    if (pair->key.data != NULL) {
        gnutls_memset(pair->key.data, 0, pair->key.size);
    }
    gnutls_free(pair->key.data);
    gnutls_free(pair->certificate.data);
    free(pair);
}

static struct pair *pair_hold(struct tls *tls)
{
    pthread_mutex_lock(&tls->lock);
    struct pair *pair = tls->current;
    pair->holders++;
    pthread_mutex_unlock(&tls->lock);
    return pair;
}

static void pair_drop(struct tls *tls, struct pair *pair)
{
    pthread_mutex_lock(&tls->lock);
    bool last = --pair->holders == 0;
    pthread_mutex_unlock(&tls->lock);
    if (last) {
        pair_free(pair);
    }
}

static bool read_file(const char *what, const char *path, gnutls_datum_t *text, struct error *error)
{
    errno = 0;
    if (gnutls_load_file(path, text) == GNUTLS_E_SUCCESS) {
        return true;
    }
    return fail(error, ERROR_INVALID, "the %s %s cannot be read: %s", what, path,
                errno != 0 ? strerror(errno) : "it is no regular file");
}

/* Until when the certificate holds, in seconds since 1970. */
static bool read_expiry(const struct tls *tls, const gnutls_datum_t *text, time_t *until, struct error *error)
{
    gnutls_x509_crt_t *chain;
    unsigned count;
    int failure = gnutls_x509_crt_list_import2(&chain, &count, text, GNUTLS_X509_FMT_PEM, 0);
    if (failure < 0) {
        return fail(error, ERROR_INVALID, "%s holds no certificate in PEM: %s", tls->certificate_file, gnutls_strerror(failure));
    }
    *until = gnutls_x509_crt_get_expiration_time(chain[0]);
    for (unsigned i = 0; i < count; i++) {
        gnutls_x509_crt_deinit(chain[i]);
    }
    gnutls_free(chain);
    return true;
}

static bool join(const struct tls *tls, struct pair *pair, struct error *error)
{
    int failure =
        gnutls_certificate_set_x509_key_mem2(pair->credentials, &pair->certificate, &pair->key, GNUTLS_X509_FMT_PEM, NULL, 0);
    if (failure == GNUTLS_E_CERTIFICATE_KEY_MISMATCH) {
        return fail(error, ERROR_INVALID, "the certificate %s and the key %s do not belong together", tls->certificate_file,
                    tls->key_file);
    }
    return failure >= 0 || fail(error, ERROR_INVALID, "%s holds no usable private key in PEM, without a passphrase: %s",
                                tls->key_file, gnutls_strerror(failure));
}

static void report_pair(const struct tls *tls, time_t until)
{
    char instant[INSTANT_SIZE];
    clock_format((int64_t)until * 1000, instant);
    bool over = (int64_t)until * 1000 < clock_milliseconds();
    log_event(over ? LOG_WARNING : LOG_INFO, over ? "certificate-expired" : "certificate-loaded", "file", tls->certificate_file,
              "until", instant, NULL);
}

static struct pair *pair_read(const struct tls *tls, struct error *error)
{
    struct pair *pair = calloc(1, sizeof *pair);
    if (pair == NULL || gnutls_certificate_allocate_credentials(&pair->credentials) != GNUTLS_E_SUCCESS) {
        die("out of memory");
    }
    pair->holders = 1;
    time_t until = 0;
    if (read_file("certificate", tls->certificate_file, &pair->certificate, error) &&
        read_file("key", tls->key_file, &pair->key, error) && read_expiry(tls, &pair->certificate, &until, error) &&
        join(tls, pair, error)) {
        report_pair(tls, until);
        return pair;
    }
    pair_free(pair);
    return NULL;
}

/* ---- the server's ------------------------------------------------------------------------------------------------------ */

struct tls *tls_open(const char *certificate_file, const char *key_file, struct error *error)
{
    if (MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES) {
        fail(error, ERROR_FAULT, "this libmicrohttpd was built without TLS");
        return NULL;
    }
    struct tls *tls = calloc(1, sizeof *tls);
    if (tls == NULL) {
        die("out of memory");
    }
    tls->certificate_file = certificate_file;
    tls->key_file = key_file;
    pthread_mutex_init(&tls->lock, NULL);
    tls->current = pair_read(tls, error);
    if (tls->current == NULL) {
        tls_close(tls);
        return NULL;
    }
    return tls;
}

void tls_close(struct tls *tls)
{
    if (tls == NULL) {
        return;
    }
    if (tls->current != NULL) {
        pair_free(tls->current);
    }
    pthread_mutex_destroy(&tls->lock);
    free(tls);
}

bool tls_reload(struct tls *tls, struct error *error)
{
    struct pair *next = pair_read(tls, error);
    if (next == NULL) {
        return false;
    }
    pthread_mutex_lock(&tls->lock);
    struct pair *before = tls->current;
    tls->current = next;
    pthread_mutex_unlock(&tls->lock);
    pair_drop(tls, before);
    return true;
}

struct tls_texts tls_texts(const struct tls *tls)
{
    return (struct tls_texts){
        .certificate = (const char *)tls->current->certificate.data,
        .key = (const char *)tls->current->key.data,
        /* Forward secrecy and authenticated encryption alone. */
        .priorities = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-CIPHER-ALL:+AES-128-GCM:"
                      "+CHACHA20-POLY1305:+AES-256-GCM:-MAC-ALL:+AEAD",
    };
}

/* ---- a connection's ---------------------------------------------------------------------------------------------------- */

static void put_aside(struct peer *peer)
{
    struct tls_link *link = peer->link;
    if (!peer->loop->quiet && loop_watch(peer->loop, peer->socket, EPOLLIN | EPOLLRDHUP, peer)) {
        link->aside = true;
        MHD_suspend_connection(link->connection);
    }
}

static ssize_t fetch(gnutls_transport_ptr_t whom, void *bytes, size_t most)
{
    struct peer *peer = whom;
    ssize_t got = recv(peer->socket, bytes, most, 0);
    if (got < 0 && errno == EAGAIN && !peer->greeted && !peer->link->aside) {
        put_aside(peer);
        errno = EAGAIN;
    }
    return got;
}

void tls_begin(struct peer *peer, struct MHD_Connection *connection)
{
    struct tls_link *link = calloc(1, sizeof *link);
    if (link == NULL) {
        die("out of memory");
    }
    union {
        void *library; /* it hands its session out so */
        gnutls_session_t own;
    } session = {connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION)->tls_session};
    link->session = session.own;
    link->connection = connection;
    link->pair = pair_hold(peer->loop->server->tls);
    peer->link = link;
    gnutls_transport_ptr_t receive, send;
    gnutls_transport_get_ptr2(link->session, &receive, &send);
    gnutls_transport_set_ptr2(link->session, peer, send);
    gnutls_transport_set_pull_function(link->session, fetch);
    gnutls_credentials_set(link->session, GNUTLS_CRD_CERTIFICATE, link->pair->credentials);
}

void tls_end(struct peer *peer)
{
    pair_drop(peer->loop->server->tls, peer->link->pair);
    free(peer->link);
    peer->link = NULL;
}

bool tls_go_on(struct peer *peer)
{
    struct tls_link *link = peer->link;
    if (link == NULL || !link->aside) {
        return false;
    }
    epoll_ctl(peer->loop->poll, EPOLL_CTL_DEL, peer->socket, NULL);
    link->aside = false;
    MHD_resume_connection(link->connection);
    return true;
}

bool tls_send_last(struct peer *peer, struct slice bytes)
{
    gnutls_session_t session = peer->link->session;
    bool sent = gnutls_record_send(session, bytes.data, bytes.length) >= 0;
    return gnutls_bye(session, GNUTLS_SHUT_WR) == GNUTLS_E_SUCCESS && sent;
}
