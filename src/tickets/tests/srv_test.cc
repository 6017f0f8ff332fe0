#include "tickets/srv.h"

#include <gtest/gtest.h>

namespace mullion::tickets {
namespace {

std::string number(unsigned value) {
    return {static_cast<char>(value >> 8 & 0xff), static_cast<char>(value & 0xff)};
}

std::string name(std::string_view text) {
    std::string wire;
    while (!text.empty()) {
        const auto label = text.substr(0, text.find('.'));
        wire += static_cast<char>(label.size());
        wire += label;
        text.remove_prefix(std::min(text.size(), label.size() + 1));
    }
    return wire + '\0';
}

const std::string question = name("_kerberos._tcp.EXAMPLE.TEST") + number(33) + number(1);

// Its owner is the question's name, which stands at the message's twelfth byte.
std::string record(unsigned priority, unsigned weight, unsigned port, const std::string& host) {
    const auto data = number(priority) + number(weight) + number(port) + host;
    return number(0xc00c) + number(33) + number(1) + std::string(4, '\0') + number(data.size()) + data;
}

std::string message(const std::vector<std::string>& records) {
    std::string text =
        number(7) + number(0x8180) + number(1) + number(records.size()) + number(0) + number(0);
    text += question;
    for (const auto& one : records) text += one;
    return text;
}

TEST(Srv, AreInTheOrderOfPriorityAndWeight) {
    const auto shared = number(0xc01b);  // "EXAMPLE.TEST" of the question.
    const auto found = read_srv_answer(message(
        {record(10, 0, 88, name("far.example.test")), record(0, 100, 88, std::string("\x03kd1") + shared),
         record(0, 200, 750, name("kd2.example.test")), record(0, 100, 88, name("kd3.example.test"))}));
    ASSERT_TRUE(found);
    const std::vector<SrvRecord> expected{{0, 200, 750, "kd2.example.test"},
                                          {0, 100, 88, "kd1.EXAMPLE.TEST"},
                                          {0, 100, 88, "kd3.example.test"},
                                          {10, 0, 88, "far.example.test"}};
    EXPECT_EQ(*found, expected);
}

TEST(Srv, LeavesOutWhatIsNoHost) {
    const auto alias =
        number(0xc00c) + number(5) + number(1) + std::string(4, '\0') + number(2) + number(0xc01b);
    const auto found =
        read_srv_answer(message({alias, record(0, 0, 0, name("a.test")), record(0, 0, 88, name("")),
                                 record(0, 0, 88, name("a b.test")), record(0, 0, 88, name("a.test"))}));
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), 1U);
    EXPECT_EQ(found->front().host, "a.test");
}

TEST(Srv, KeepsNoMoreThanSixteen) {
    const auto found =
        read_srv_answer(message(std::vector<std::string>(40, record(0, 0, 88, name("a.test")))));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->size(), 16U);
}

TEST(Srv, RefusesEveryTruncationAndLoops) {
    const auto whole = message({record(0, 100, 88, name("kdc.test")), record(1, 0, 88, name("kdc2.test"))});
    ASSERT_TRUE(read_srv_answer(whole));
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(read_srv_answer(std::string_view(whole).substr(0, size))) << size;
    // A name that refers to itself.
    const auto begin = static_cast<unsigned>(message({}).size() + 18);
    EXPECT_FALSE(read_srv_answer(message({record(0, 0, 88, number(0xc000 + begin))})));
}

TEST(Srv, AsksForRealmsThatAreNames) {
    EXPECT_EQ(srv_name("EXAMPLE.TEST"), "_kerberos._tcp.EXAMPLE.TEST");
    for (const auto* realm : {"", ".", "-a", "a b", "a/b", "a\\b"}) EXPECT_FALSE(srv_name(realm)) << realm;
    EXPECT_FALSE(srv_name(std::string(300, 'a')));
    EXPECT_FALSE(srv_name(std::string("a\0b", 3)));
}

}  // namespace
}  // namespace mullion::tickets
