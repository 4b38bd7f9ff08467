#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "readout/clock.h"

enum { START_MILLISECONDS = 60000, STOP_MILLISECONDS = 20000 };

void machine_look(struct machine *machine)
{
    memset(machine, 0, sizeof *machine);
    cpu_set_t all;
    if (sched_getaffinity(0, sizeof all, &all) != 0)
        give_up("the cores of this machine are unknown: %s", strerror(errno));
    for (size_t core = 0; core < CPU_SETSIZE; core++) {
        if (!CPU_ISSET(core, &all))
            continue;
        if (machine->cores == 0)
            machine->load_core = core;
        machine->server_core = core;
        machine->cores++;
    }
    machine->shared = machine->cores == 1;
    CPU_SET(machine->load_core, &machine->load);
    CPU_SET(machine->server_core, &machine->server);
    CPU_OR(&machine->both, &machine->load, &machine->server);
}

static void run_child(const char *const *arguments, int output, const cpu_set_t *cores)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (cores != NULL)
        sched_setaffinity(0, sizeof *cores, cores);
    dup2(output, STDOUT_FILENO);
    execv(arguments[0], (char *const *)(uintptr_t)arguments);
    fprintf(stderr, "bench: %s: %s\n", arguments[0], strerror(errno));
    _exit(127);
}

/* Gives the reading end of the child's standard output. */
static int start_child(const char *const *arguments, const cpu_set_t *cores, pid_t *pid)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        give_up("no pipe: %s", strerror(errno));
    *pid = fork();
    if (*pid < 0)
        give_up("no process: %s", strerror(errno));
    if (*pid == 0)
        run_child(arguments, ends[1], cores);
    close(ends[1]);
    return ends[0];
}

/* A line of output byte by byte: what follows it is left alone. */
static bool read_line(int output, char *line, size_t size)
{
    for (size_t length = 0; length + 1 < size; length++) {
        struct pollfd ready = {.fd = output, .events = POLLIN};
        if (poll(&ready, 1, START_MILLISECONDS) != 1 || read(output, line + length, 1) != 1)
            return false;
        if (line[length] == '\n') {
            line[length] = '\0';
            return true;
        }
    }
    return false;
}

void server_start(struct server *server, const char *name, const char *const *arguments, const cpu_set_t *cores)
{
    *server = (struct server){.name = name, .started = clock_nanoseconds()};
    server->output = start_child(arguments, cores, &server->pid);
    char line[256];
    long long port = 0;
    if (read_line(server->output, line, sizeof line)) {
        const char *colon = strrchr(line, ':');
        if (colon == NULL || !slice_to_int(slice_of(colon + 1), &port))
            port = 0;
    }
    if (port <= 0 || port > UINT16_MAX)
        give_up("%s did not say on which port it listens", name);
    server->port = (uint16_t)port;
}

void server_start_ours(struct server *server, const struct options *options, const char *database, int loops, bool cached,
                       const cpu_set_t *cores)
{
    char count[16];
    snprintf(count, sizeof count, "%d", loops);
    const char *arguments[] = {options->binary,
                               "serve",
                               "--listen",
                               "127.0.0.1:0",
                               "--database",
                               database,
                               "--log",
                               "off",
                               "--loops",
                               count,
                               cached ? NULL : "--cache-bytes",
                               "0",
                               NULL};
    server_start(server, "readout", arguments, cores);
}

static bool wait_for(pid_t pid, int *status, int milliseconds)
{
    for (int waited = 0; waited < milliseconds; waited += 10) {
        if (waitpid(pid, status, WNOHANG) == pid)
            return true;
        nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
    }
    return false;
}

void server_stop(struct server *server)
{
    int status = 0;
    kill(server->pid, SIGTERM);
    if (!wait_for(server->pid, &status, STOP_MILLISECONDS)) {
        kill(server->pid, SIGKILL);
        waitpid(server->pid, &status, 0);
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        note_failure("%s did not end well (wait status %d)", server->name, status);
    close(server->output);
    server->pid = 0;
}

int64_t server_cpu_nanoseconds(const struct server *server)
{
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(server->pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
        give_up("%s has ended", server->name);
    return (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

long server_memory(const struct server *server, const char *what)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", (int)server->pid);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        give_up("%s has ended", server->name);
    long kilobytes = 0;
    size_t length = strlen(what);
    while (fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, what, length) == 0 && line[length] == ':')
            kilobytes = strtol(line + length + 1, NULL, 10);
    fclose(file);
    return kilobytes * 1024;
}

int process_run(const char *const *arguments, char *output, size_t size)
{
    pid_t pid;
    int end = start_child(arguments, NULL, &pid), status;
    char rest[4096];
    size_t length = 0;
    for (ssize_t count; (count = read(end, rest, sizeof rest)) > 0;) {
        for (ssize_t i = 0; i < count && length + 1 < size; i++)
            output[length++] = rest[i];
    }
    if (size > 0)
        output[length] = '\0';
    close(end);
    if (waitpid(pid, &status, 0) != pid)
        give_up("a process was lost: %s", strerror(errno));
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
