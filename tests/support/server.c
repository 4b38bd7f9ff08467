#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "readout/buffer.h"
#include "readout/clock.h"
#include "support/harness.h"
#include "support/inside.h"

enum { ARGUMENTS_MAX = 24, START_SECONDS = 30, STOP_SECONDS = 20, COMMAND_SECONDS = 60 };

/* A child process of ours and the read ends of its pipes. */
struct child {
    pid_t pid;
    int input, output, errors;
};

static struct {
    struct child child;
    const char *origin;
    int port;
    char *database;
    int handed_over; /* a listening socket; 0: none */
} server;

static const char *setting(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

/* In the child. */
static void hand_over(int listening)
{
    char pid[16];
    snprintf(pid, sizeof(pid), "%d", getpid());
    setenv("LISTEN_PID", pid, 1);
    setenv("LISTEN_FDS", "1", 1);
    dup2(listening, STDERR_FILENO + 1);
}

/* Of the server, standard error stays ours: it is silent unless something is wrong. */
static struct child child_start(const char *const *arguments, size_t count, bool server_like)
{
    int input[2], output[2], errors[2];
    cr_assert(pipe2(input, O_CLOEXEC) == 0 && pipe2(output, O_CLOEXEC) == 0 && pipe2(errors, O_CLOEXEC) == 0);
    char *line[ARGUMENTS_MAX + 2];
    cr_assert(count <= ARGUMENTS_MAX, "too many arguments");
    line[0] = arena_print(test_arena(), "%s", setting("READOUT_BINARY", "build/readout"));
    for (size_t i = 0; i < count; i++)
        line[i + 1] = arena_print(test_arena(), "%s", arguments[i]);
    line[count + 1] = NULL;

    pid_t pid = fork();
    cr_assert(pid >= 0, "fork: %s", strerror(errno));
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(input[0], STDIN_FILENO);
        dup2(output[1], STDOUT_FILENO);
        if (!server_like)
            dup2(errors[1], STDERR_FILENO);
        else if (server.handed_over)
            hand_over(server.handed_over);
        execv(line[0], line);
        fprintf(stderr, "%s: %s\n", line[0], strerror(errno));
        _exit(127);
    }
    close(input[0]);
    close(output[1]);
    close(errors[1]);
    return (struct child){.pid = pid, .input = input[1], .output = output[0], .errors = errors[0]};
}

/* The exit status; -1 when it was killed, by us after so many seconds or by anything else. */
static int child_wait(struct child *child, int seconds)
{
    int64_t deadline = clock_nanoseconds() + (int64_t)seconds * 1000000000;
    int status = 0;
    bool late = false;
    while (waitpid(child->pid, &status, late ? 0 : WNOHANG) != child->pid) {
        late = clock_nanoseconds() > deadline;
        if (late)
            kill(child->pid, SIGKILL);
        else
            usleep(2000);
    }
    if (child->input >= 0)
        close(child->input);
    close(child->output);
    close(child->errors);
    child->pid = 0;
    return WIFEXITED(status) && !late ? WEXITSTATUS(status) : -1;
}

/* ---- files ------------------------------------------------------------------------------------------------------------ */

const char *scratch(const char *name)
{
    const char *folder = setting("READOUT_SCRATCH", "build/scratch");
    mkdir(folder, 0755);
    const char *path = at("%s/%s.%s.%s", folder, criterion_current_test->category, criterion_current_test->name, name);
    unlink(path);
    return path;
}

const char *server_database(void)
{
    if (!server.database) {
        const char *path = scratch("db");
        unlink(at("%s-wal", path));
        unlink(at("%s-shm", path));
        server.database = strdup(path);
    }
    return server.database;
}

/* ---- the server ------------------------------------------------------------------------------------------------------- */

/* Waits for the line that names the address. */
static bool read_origin(void)
{
    static const char announcement[] = "readout is listening on ";
    char line[256];
    size_t length = 0;
    struct pollfd ready = {.fd = server.child.output, .events = POLLIN};
    while (length < sizeof(line) - 1 && poll(&ready, 1, START_SECONDS * 1000) == 1) {
        ssize_t got = read(server.child.output, line + length, 1);
        if (got <= 0 || line[length] == '\n')
            break;
        length++;
    }
    line[length] = '\0';
    if (strncmp(line, announcement, strlen(announcement)) != 0)
        return false;
    server.origin = at("%s", line + strlen(announcement));
    const char *colon = strrchr(server.origin, ':');
    server.port = colon ? (int)strtol(colon + 1, NULL, 10) : 0;
    return server.port > 0;
}

void server_start_with(const char *const *arguments, size_t count)
{
    static const char *const usual[] = {"--listen", "127.0.0.1:0", "--log", "off", "--extract", "off", "--database"};
    enum { USUAL = sizeof(usual) / sizeof(usual[0]) };
    const char *line[ARGUMENTS_MAX];
    size_t length = 0;
    line[length++] = arguments[0];
    for (size_t i = 0; i < USUAL; i++)
        line[length++] = usual[i];
    line[length++] = server_database();
    for (size_t i = 1; i < count; i++)
        line[length++] = arguments[i];

    cr_assert(server.child.pid == 0, "a server runs already");
    server.child = child_start(line, length, true);
    if (!read_origin()) {
        server_kill();
        cr_assert_fail("the server did not start listening");
    }
}

void server_hand_over(int listening)
{
    server.handed_over = listening;
}

void server_signal(int signal_number)
{
    kill(server.child.pid, signal_number);
}

int server_wait(void)
{
    return child_wait(&server.child, STOP_SECONDS);
}

int server_stop(void)
{
    client_close();
    server_signal(SIGTERM);
    return server_wait();
}

void server_kill(void)
{
    client_close();
    server_signal(SIGKILL);
    server_wait();
}

pid_t server_pid(void)
{
    return server.child.pid;
}

const char *server_origin(void)
{
    return server.origin;
}

int server_port(void)
{
    return server.port;
}

void server_up(void)
{
    server_start();
}

void server_down(void)
{
    int status = server.child.pid ? server_stop() : 0;
    if (server.database) {
        unlink(server.database);
        unlink(at("%s-wal", server.database));
        unlink(at("%s-shm", server.database));
    }
    free(server.database);
    server.database = NULL;
    client_release();
    if (status == 0)
        return;
    /* Criterion counts no assertion in a fixture, but it does count a crash. */
    fprintf(stderr, "%s::%s: the server ended with exit status %d\n", criterion_current_test->category,
            criterion_current_test->name, status);
    abort();
}

/* ---- commands --------------------------------------------------------------------------------------------------------- */

/* Takes what is there; false when the pipe has ended. */
static bool drain(struct pollfd *pipe, struct buffer *into)
{
    char bytes[4096];
    if (!pipe->revents)
        return true;
    ssize_t got = read(pipe->fd, bytes, sizeof(bytes));
    if (got > 0)
        buffer_add(into, bytes, (size_t)got);
    return got > 0;
}

static void feed(struct child *child, const char *input)
{
    signal(SIGPIPE, SIG_IGN);
    size_t length = strlen(input);
    while (length) {
        ssize_t sent = write(child->input, input, length);
        if (sent <= 0)
            break;
        input += sent;
        length -= (size_t)sent;
    }
    close(child->input);
    child->input = -1;
}

struct outcome readout_run(const char *input, const char *const *arguments)
{
    size_t count = 0;
    while (arguments[count])
        count++;
    struct child child = child_start(arguments, count, false);
    feed(&child, input);

    struct buffer output = buffer_in(test_arena(), 4096), errors = buffer_in(test_arena(), 1024);
    struct pollfd pipes[] = {{.fd = child.output, .events = POLLIN}, {.fd = child.errors, .events = POLLIN}};
    bool silent = false;
    while (!silent && (pipes[0].fd >= 0 || pipes[1].fd >= 0)) {
        silent = poll(pipes, 2, COMMAND_SECONDS * 1000) <= 0;
        if (!drain(&pipes[0], &output))
            pipes[0].fd = -1;
        if (!drain(&pipes[1], &errors))
            pipes[1].fd = -1;
    }
    buffer_add_byte(&output, '\0');
    buffer_add_byte(&errors, '\0');
    return (struct outcome){.status = child_wait(&child, silent ? 0 : COMMAND_SECONDS),
                            .output = buffer_slice(&output).data,
                            .errors = buffer_slice(&errors).data};
}
