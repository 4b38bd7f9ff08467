#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>

#include "readout/clock.h"
#include "readout/metrics.h"

static struct arena arena;

/* Criterion runs each test in its own process, so all counts begin at nothing. */
static const char *scrape(bool open_metrics)
{
    struct buffer out = buffer_in(&arena, 4096);
    metrics_write(&out, open_metrics, "version=\"1.2.3\"");
    buffer_add_byte(&out, '\0');
    return out.data;
}

static void shows(const char *text, const char *line)
{
    char *whole = arena_print(&arena, "\n%s\n", line), *with_start = arena_print(&arena, "\n%s", text);
    cr_assert_not_null(strstr(with_start, whole), "no line %s in\n%s", line, text);
}

static size_t times(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        count++;
    return count;
}

static void give_back(void)
{
    arena_release(&arena);
}

TestSuite(metrics, .fini = give_back);

Test(metrics, shows_every_metric_from_the_start)
{
    const char *text = scrape(false);
    shows(text, "# TYPE build_info gauge");
    shows(text, "build_info{version=\"1.2.3\"} 1");
    shows(text, "# TYPE http_connections gauge");
    shows(text, "http_connections 0");
    shows(text, "# TYPE http_response_bytes_total counter");
    shows(text, "http_response_bytes_total 0");
    shows(text, "db_commit_seconds_total 0.000000000");
    shows(text, "# TYPE http_request_duration_seconds histogram");
    cr_assert_null(strstr(text, "# UNIT"));
    cr_assert_null(strstr(text, "# EOF"));
}

Test(metrics, tells_when_the_process_began_and_what_it_holds)
{
    const char *text = scrape(false), *start = strstr(text, "\nprocess_start_time_seconds "),
               *memory = strstr(text, "\nprocess_resident_memory_bytes ");
    cr_assert_not_null(start);
    cr_assert_not_null(memory);
    long long now = clock_milliseconds() / 1000, began = strtoll(strchr(start, ' '), NULL, 10);
    cr_assert(began <= now && began > now - 600, "began %lld, now %lld", began, now);
    cr_assert_gt(strtoll(strchr(memory, ' '), NULL, 10), 100000);
}

Test(metrics, names_families_as_openmetrics_wants_them)
{
    metric_request("GET", "/v1/articles", 200, 1);
    const char *text = scrape(true);
    shows(text, "# TYPE http_requests counter");
    shows(text, "http_requests_total{method=\"GET\",route=\"/v1/articles\",status=\"200\"} 1");
    shows(text, "# UNIT http_response_bytes bytes");
    shows(text, "# UNIT http_request_duration_seconds seconds");
    cr_assert_null(strstr(text, "# TYPE http_requests_total"));
    cr_assert_str_eq(text + strlen(text) - 6, "# EOF\n");
}

Test(metrics, sorts_durations_into_cumulated_buckets)
{
    metric_request("GET", "/v1/articles", 200, 500000);
    metric_request("POST", "/v1/articles", 201, 500001);
    metric_request("GET", "/v1/articles", 200, 11000000000);
    const char *text = scrape(false);
    shows(text, "http_request_duration_seconds_bucket{route=\"/v1/articles\",le=\"0.0005\"} 1");
    shows(text, "http_request_duration_seconds_bucket{route=\"/v1/articles\",le=\"0.001\"} 2");
    shows(text, "http_request_duration_seconds_bucket{route=\"/v1/articles\",le=\"10.0\"} 2");
    shows(text, "http_request_duration_seconds_bucket{route=\"/v1/articles\",le=\"+Inf\"} 3");
    shows(text, "http_request_duration_seconds_sum{route=\"/v1/articles\"} 11.001000001");
    shows(text, "http_request_duration_seconds_count{route=\"/v1/articles\"} 3");
    cr_assert_eq(times(text, "# TYPE http_request_duration_seconds "), 1);
}

Test(metrics, adds_up_the_same_name_at_two_addresses)
{
    static const char one[] = "GET", other[] = "GET";
    metric_request(one, "/v1/claims", 200, 1);
    metric_request(other, "/v1/claims", 200, 1);
    const char *text = scrape(false);
    shows(text, "http_requests_total{method=\"GET\",route=\"/v1/claims\",status=\"200\"} 2");
    cr_assert_eq(times(text, "\nhttp_requests_total{"), 1);
}

Test(metrics, keeps_apart_more_series_than_a_table_begins_with)
{
    for (int status = 200; status < 500; status++) {
        for (int i = 0; i <= status % 3; i++)
            metric_request("GET", "", status, 1);
    }
    const char *text = scrape(false);
    cr_assert_eq(times(text, "\nhttp_requests_total{"), 300);
    shows(text, "http_requests_total{method=\"GET\",route=\"\",status=\"499\"} 2");
    shows(text, "http_requests_total{method=\"GET\",route=\"\",status=\"201\"} 1");
}

Test(metrics, escapes_what_labels_reserve)
{
    metric_request("GET", "a\"b\\c\nd", 200, 1);
    shows(scrape(false), "http_requests_total{method=\"GET\",route=\"a\\\"b\\\\c\\nd\",status=\"200\"} 1");
}

static void *count_a_while(void *unused)
{
    static const char *const routes[] = {"/v1/articles", "/v1/claims", "/v1/actors"};
    for (int i = 0; i < 30000; i++) {
        metric_add(METRIC_IN_FLIGHT, 1);
        metric_request("GET", routes[i % 3], 200 + i % 100, i);
        metric_add(METRIC_RESPONSE_BYTES, 10);
        metric_add(METRIC_IN_FLIGHT, -1);
    }
    return unused;
}

Test(metrics, lose_nothing_when_threads_count_at_once_and_end)
{
    for (int round = 0; round < 3; round++) {
        pthread_t threads[4];
        for (int i = 0; i < 4; i++)
            pthread_create(&threads[i], NULL, count_a_while, NULL);
        for (int i = 0; i < 20; i++)
            scrape(false);
        for (int i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
    }
    const char *text = scrape(false);
    shows(text, "http_requests_in_flight 0");
    shows(text, "http_response_bytes_total 3600000");
    shows(text, "http_request_duration_seconds_count{route=\"/v1/claims\"} 120000");
}
