#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "readout/network.h"

static struct address address_at(const char *text)
{
    struct address address;
    cr_assert(address_parse(slice_of(text), &address), "%s", text);
    return address;
}

static bool holds(const char *list, const char *text)
{
    struct networks networks;
    struct error error;
    struct address address = address_at(text);
    cr_assert(networks_parse(slice_of(list), &networks, &error), "%s", error.message);
    return networks_hold(&networks, &address);
}

static const char *fault_in(const char *list)
{
    static struct error error;
    struct networks networks;
    cr_assert_not(networks_parse(slice_of(list), &networks, &error), "%s", list);
    return error.message;
}

Test(network, holds_what_its_prefix_covers)
{
    cr_assert(holds("10.0.0.0/8", "10.255.0.1"));
    cr_assert_not(holds("10.0.0.0/8", "11.0.0.1"));
    cr_assert(holds("192.0.2.128/25", "192.0.2.200"));
    cr_assert_not(holds("192.0.2.128/25", "192.0.2.100"));
    cr_assert(holds("192.0.2.7", "192.0.2.7"));
    cr_assert_not(holds("192.0.2.7", "192.0.2.6"));
    cr_assert(holds("2001:db8::/33", "2001:db8:7fff::1"));
    cr_assert_not(holds("2001:db8::/33", "2001:db8:8000::1"));
    cr_assert(holds("10.0.0.0/8,::1", "::1"));
    cr_assert(holds("0.0.0.0/0", "203.0.113.1"));
    cr_assert_not(holds("0.0.0.0/0", "2001:db8::1"));
    cr_assert(holds("::/0", "203.0.113.1"));
    cr_assert_not(holds("", "127.0.0.1"));
}

Test(network, knows_an_ipv4_address_in_ipv6)
{
    cr_assert(holds("10.0.0.0/8", "::ffff:10.1.2.3"));
    cr_assert_not(holds("10.0.0.0/8", "::10.1.2.3"));
}

Test(network, says_what_would_be_right)
{
    cr_assert(strstr(fault_in("10.0.0.0/8,10.0.0.1/8"), "10.0.0.0/8 would be right"));
    cr_assert(strstr(fault_in("10.0.0.0/33"), "0 to 32"));
    cr_assert(strstr(fault_in("::/129"), "0 to 128"));
    cr_assert(strstr(fault_in("news.example"), "is no network"));
    cr_assert(strstr(fault_in("10.0.0"), "is no network"));
    cr_assert(strstr(fault_in("10.0.0.0/"), "0 to 32"));
}

Test(network, has_a_bound)
{
    char list[NETWORKS_MAX * 10 + 16] = "";
    for (int i = 0; i <= NETWORKS_MAX; i++)
        snprintf(list + strlen(list), sizeof list - strlen(list), "10.0.0.%d,", i);
    cr_assert(strstr(fault_in(list), "may have 32"));
}

Test(network, takes_the_64_bits_of_an_ipv6_customer_for_one)
{
    struct address one = address_site(address_at("2001:db8::1")), other = address_site(address_at("2001:db8::2:0:0:1"));
    struct address next = address_site(address_at("2001:db8:0:1::1"));
    cr_assert_arr_eq(one.bytes, other.bytes, sizeof one.bytes);
    cr_assert_arr_neq(one.bytes, next.bytes, sizeof one.bytes);
    one = address_site(address_at("192.0.2.1"));
    other = address_site(address_at("192.0.2.2"));
    cr_assert_arr_neq(one.bytes, other.bytes, sizeof one.bytes);
    cr_assert_not(address_is_known(&(struct address){{0}}));
    cr_assert(address_is_known(&one));
}
