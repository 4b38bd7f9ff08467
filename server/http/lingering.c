/* Peers that were answered before they had sent their body, and may send on. Were their sockets closed at once, the kernel would
 * answer what still comes with a reset, and a client that reads only when it has sent everything would lose the reply. So what
 * comes is thrown away for a while. The library closes its descriptor of such a socket; a copy of it stays with the peer. */
#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop.h"
#include "readout/clock.h"

enum {
    LINGERING_MOST = 256,     /* peers at once, in each loop */
    UNWANTED_MOST = 64 << 20, /* bytes from one of them */
    DROPPED_AT_ONCE = 1 << 16,
};

bool linger(struct peer *peer)
{
    struct loop *loop = peer->loop;
    if (loop->closing || loop->lingering == LINGERING_MOST) {
        return false;
    }
    int kept = fcntl(peer->socket, F_DUPFD_CLOEXEC, 0);
    if (kept < 0) {
        return false;
    }
    if (peer->watched) {
        epoll_ctl(loop->poll, EPOLL_CTL_DEL, peer->socket, NULL);
    }
    if (!loop_watch(loop, kept, EPOLLIN, peer)) {
        close(kept);
        return false;
    }
    shutdown(kept, SHUT_WR);
    peer->socket = kept;
    peer_enter(peer, PHASE_LINGERING, clock_nanoseconds());
    loop->lingering++;
    return true;
}

void stop_lingering(struct peer *peer)
{
    close(peer->socket);
    peer->loop->lingering--;
    forget_peer(peer);
}

void drain(struct peer *peer)
{
    char bytes[DROPPED_AT_ONCE];
    ssize_t dropped = recv(peer->socket, bytes, sizeof bytes, MSG_DONTWAIT);
    if (dropped < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    peer->unwanted += dropped > 0 ? (size_t)dropped : 0;
    if (dropped <= 0 || peer->unwanted > UNWANTED_MOST) {
        stop_lingering(peer);
    }
}
