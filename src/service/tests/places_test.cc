#include "service/doors/places.h"

#include <gtest/gtest.h>

namespace mullion::service {
namespace {

state::ListenerSettings at(const std::string& address, bool https = false,
                           std::optional<std::uint16_t> port = {}) {
    state::ListenerSettings one;
    one.address = address;
    one.https = https;
    one.port = port;
    return one;
}

using Listeners = std::vector<state::ListenerSettings>;

std::string places(const Listeners& listeners, const std::vector<os::LocalAddress>& own = {}) {
    const auto found = wanted_places(listeners, {}, own);
    if (!found.ok()) return found.error().detail;
    std::string out;
    for (const auto& one : *found)
        out += one.place + " " + std::to_string(one.port) + (one.listener->https ? " HTTPS;" : " HTTP;");
    return out;
}

TEST(ListenerPlaces, OneAddressIsWrittenInOneWay) {
    EXPECT_EQ(plain_place("2001:DB8:0:0::1"), "2001:db8::1");
    EXPECT_EQ(plain_place("::ffff:10.0.0.1"), "10.0.0.1");
    for (const auto* same : {"*", "10.0.0.1", "::", "0.0.0.0", "fe80::1%lo", "MAC:00-11-22-33-44-55"})
        EXPECT_EQ(plain_place(same), same);
}

TEST(ListenerPlaces, WhoCoversWhom) {
    struct Row {
        const char *outer, *inner;
        bool covers;
    };
    for (const auto& row :
         {Row{"*", "10.0.0.1", true}, Row{"*", "::1", true}, Row{"*", "::", true}, Row{"*", "0.0.0.0", true},
          Row{"*", "*", true}, Row{"0.0.0.0", "10.0.0.1", true}, Row{"0.0.0.0", "::1", false},
          Row{"0.0.0.0", "*", false}, Row{"::", "::1", true}, Row{"::", "fe80::1%eth0", true},
          Row{"::", "10.0.0.1", false}, Row{"::", "0.0.0.0", false}, Row{"10.0.0.1", "10.0.0.1", true},
          Row{"10.0.0.1", "10.0.0.11", false}, Row{"10.0.0.1", "*", false}})
        EXPECT_EQ(covers(row.outer, row.inner), row.covers) << row.outer << " " << row.inner;
    EXPECT_LT(closeness("*"), closeness("0.0.0.0"));
    EXPECT_EQ(closeness("0.0.0.0"), closeness("::"));
    EXPECT_LT(closeness("::"), closeness("::1"));
}

TEST(ListenerPlaces, AParticularAddressStandsBesideAll) {
    EXPECT_EQ(places({at("*"), at("10.0.0.1"), at("::"), at("10.0.0.1", true)}),
              "* 5985 HTTP;10.0.0.1 5985 HTTP;:: 5985 HTTP;10.0.0.1 5986 HTTPS;");
}

TEST(ListenerPlaces, TwoCannotHaveOneAndTheSame) {
    EXPECT_EQ(places({at("*", false, 80), at("*", true, 80)}),
              "* port 80: the listener * HTTP and the listener * HTTPS cannot both have it");
    EXPECT_EQ(places({at("2001:db8::1", false, 80), at("2001:DB8:0::1", true, 80)}),
              "2001:db8::1 port 80: the listener IP:2001:db8::1 HTTP and the listener IP:2001:DB8:0::1 HTTPS "
              "cannot both have it");
    EXPECT_EQ(places({at("*", false, 0), at("*", true, 0)}), "* 0 HTTP;* 0 HTTPS;");
}

TEST(ListenerPlaces, ACardHasAllItsAddressesButThoseThatAreNamed) {
    const std::vector<os::LocalAddress> own{{"10.0.0.1", "00-11-22-AA-BB-CC", false},
                                            {"10.0.0.2", "00-11-22-AA-BB-CC", false},
                                            {"10.0.0.3", "00-11-22-AA-BB-DD", false},
                                            {"fe80::1%eth0", "00-11-22-AA-BB-CC", true}};
    const auto card = at("MAC:00-11-22-aa-bb-cc");
    EXPECT_EQ(places({card}, own), "10.0.0.1 5985 HTTP;10.0.0.2 5985 HTTP;fe80::1%eth0 5985 HTTP;");
    EXPECT_EQ(places({card, at("10.0.0.2"), at("*")}, own),
              "10.0.0.1 5985 HTTP;fe80::1%eth0 5985 HTTP;10.0.0.2 5985 HTTP;* 5985 HTTP;");
    EXPECT_EQ(places({card}), "");
    EXPECT_NE(places({card, at("MAC:00-11-22-AA-BB-CC", true, 5985)}, own).find("cannot both"),
              std::string::npos);
}

}  // namespace
}  // namespace mullion::service
