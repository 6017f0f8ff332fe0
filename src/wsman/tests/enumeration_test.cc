#include "wsman/enumeration.h"

#include "wsman/fault.h"
#include "wsman/tests/data.h"

namespace mullion::wsman {
namespace {

using testing::data_message;
using testing::message_id;
using testing::message_of;
using testing::other_id;
using testing::settings;

TEST(Enumerate, ReadsRecordedRequests) {
    auto enumerate = read_enumerate(data_message("windows/enumerate_request"));
    ASSERT_TRUE(enumerate.ok());
    EXPECT_TRUE(enumerate.value().optimize);
    EXPECT_EQ(enumerate.value().max_elements, 32'000U);
    EXPECT_FALSE(enumerate.value().has_filter);

    enumerate = read_enumerate(data_message("windows/enumerate_commands_request"));
    ASSERT_TRUE(enumerate.ok());
    EXPECT_TRUE(enumerate.value().has_filter);
    EXPECT_EQ(enumerate.value().filter_dialect, dialect::selector);
    EXPECT_NE(enumerate.value().filter_xml.find("B6631D8E-65A0-49F2-9053-A1B156C95777"), std::string::npos);
}

TEST(Enumerate, GoesThereAndBack) {
    Enumerate enumerate;
    enumerate.optimize = false;
    enumerate.max_elements = 7;
    enumerate.mode = "EnumerateObjectAndEPR";
    enumerate.has_filter = true;
    enumerate.filter_dialect = dialect::wql;
    enumerate.filter_xml = "select * from X where a &lt; 3 and b &gt; 1";
    enumerate.expires = Duration(90'500);
    const auto message =
        message_of(write_enumerate(settings(), message_id, "urn:x", {{"A", "1"}}, enumerate));
    EXPECT_EQ(message.header.selector("A"), "1");
    const auto read = read_enumerate(message);
    ASSERT_TRUE(read.ok());
    EXPECT_FALSE(read.value().optimize);
    EXPECT_EQ(read.value().max_elements, 7U);
    EXPECT_EQ(read.value().mode, enumerate.mode);
    EXPECT_EQ(read.value().filter_dialect, enumerate.filter_dialect);
    EXPECT_EQ(read.value().filter_xml, enumerate.filter_xml);
    EXPECT_EQ(read.value().expires, enumerate.expires);
}

// WS-Enumeration 3.1: whatever it is that is enumerated.
TEST(Enumerate, RefusesTimesThatAreNone) {
    const RequestHead head{action::enumerate, "urn:x", message_id, {}, {}};
    const auto code_for = [&](const char* expires) {
        const auto read = read_enumerate(message_of(write_request(settings(), head, [&](xml::Writer& out) {
            out.open("n:Enumerate").element("n:Expires", expires).close();
        })));
        return read.ok() ? 0U : read.error().wsman_code.value_or(0);
    };
    EXPECT_EQ(code_for(" PT1M "), 0U);
    for (const char* wrong : {"", "soon", "PT0S", "-PT1M", "60", "P1M", "PT99999999999999999999S"})
        EXPECT_EQ(code_for(wrong), 0x80338016U) << wrong;
    EXPECT_EQ(code_for("2026-01-01T12:00:00Z"), 0x8033811CU);
}

TEST(Enumerate, AnswersSayForHowLongTheContextIs) {
    Batch batch{"context", {}, false};
    const auto read = [&] {
        return read_enumerate_response(message_of(write_enumerate_response(other_id, message_id, batch)));
    };
    EXPECT_EQ(read().value().expires, std::nullopt);
    batch.expires = Duration(60'000);
    EXPECT_EQ(read().value().expires, batch.expires);
}

TEST(Enumerate, RefusesCountsThatAreNone) {
    const RequestHead head{action::enumerate, "urn:x", message_id, {}, {}};
    for (const char* count : {"0", "-1", "many", "", "4294967296"}) {
        const auto read = read_enumerate(message_of(write_request(settings(), head, [&](xml::Writer& out) {
            out.open("n:Enumerate").element("w:MaxElements", count).close();
        })));
        ASSERT_FALSE(read.ok()) << count;
        EXPECT_EQ(read.error().wsman_code, code::schema_validation);
    }
}

TEST(Pull, GoesThereAndBack) {
    const auto pull = read_pull(message_of(write_pull(settings(), message_id, "urn:x", {"context", 20})));
    ASSERT_TRUE(pull.ok());
    EXPECT_EQ(pull.value().context, "context");
    EXPECT_EQ(pull.value().max_elements, 20U);
    EXPECT_EQ(read_pull(message_of(write_pull(settings(), message_id, "urn:x", {"", {}}))).error().wsman_code,
              code::invalid_enumeration_context);
    EXPECT_EQ(read_release(message_of(write_release(settings(), message_id, "urn:x", "context"))).value(),
              "context");
    EXPECT_EQ(message_of(write_release_response(other_id, message_id)).header.action,
              std::string(action::release) + "Response");
}

TEST(Pull, HasLimitsOfItsOwn) {
    Pull pull{"context", 20};
    pull.max_time = Duration(2'500);
    pull.max_characters = 100'000;
    const auto written = write_pull(settings(), message_id, "urn:x", pull);
    const auto read = read_pull(message_of(written));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->max_time, Duration(2'500));
    EXPECT_EQ(read->max_characters, 100'000U);
    const auto instead = [&](const std::string& from, const std::string& to) {
        auto changed = written;
        changed.replace(changed.find(from), from.size(), to);
        return read_pull(message_of(changed)).ok();
    };
    for (const char* wrong : {">PT0S<", ">-PT1S<", "><", ">3<", ">2026-01-01T00:00:00Z<"})
        EXPECT_FALSE(instead(">PT2.500S<", wrong)) << wrong;
    for (const char* wrong : {">0<", ">-1<", "><", ">1e3<"})
        EXPECT_FALSE(instead(">100000<", wrong)) << wrong;
}

TEST(Batch, ReadsShellsOfWindows) {
    const auto batch = read_enumerate_response(data_message("windows/enumerate_response"));
    ASSERT_TRUE(batch.ok());
    EXPECT_TRUE(batch.value().end);
    EXPECT_EQ(batch.value().context, "");
    ASSERT_EQ(batch.value().items.size(), 2U);
    const auto shell = read_shell_item(batch.value().items[0]);
    ASSERT_TRUE(shell.ok());
    EXPECT_EQ(shell.value().shell_id, "B6631D8E-65A0-49F2-9053-A1B156C95777");
    EXPECT_EQ(shell.value().state, "Disconnected");
    EXPECT_EQ(shell.value().owner, "WIN-NNMU24VVKJ0\\vagrant");
    EXPECT_EQ(read_shell_item(shell_item(shell.value())).value(), shell.value());

    const auto none = read_enumerate_response(data_message("windows/enumerate_commands_response"));
    ASSERT_TRUE(none.ok());
    EXPECT_TRUE(none.value().items.empty());
    EXPECT_TRUE(none.value().end);
}

TEST(Batch, ReadsOtherServices) {
    const auto plain = read_enumerate_response(data_message("opennms/enum-response"));
    ASSERT_TRUE(plain.ok());
    EXPECT_EQ(plain.value().context, "c6595ee1-2664-1664-801f-c115cfb5fe14");
    EXPECT_FALSE(plain.value().end);

    const auto dell = read_enumerate_response(data_message("opennms/optimized-enum-response"));
    ASSERT_TRUE(dell.ok());
    EXPECT_EQ(dell.value().items.size(), 1U);
    EXPECT_TRUE(dell.value().end);

    const auto pulled = read_pull_response(data_message("opennms/optimized-enum-response-with-fragments-2"));
    ASSERT_TRUE(pulled.ok());
    ASSERT_EQ(pulled.value().items.size(), 3U);
    EXPECT_TRUE(pulled.value().end);
    // An item stands on its own, also when its prefixes were declared above it.
    const auto dell_batch = read_pull_response(data_message("opennms/pull-response"));
    ASSERT_TRUE(dell_batch.ok());
    for (const auto& item : dell_batch.value().items) EXPECT_TRUE(xml::Document::parse(item).ok()) << item;
}

// WS-Enumeration 3: a Pull's answer may name another context to go on with, and need not.
TEST(Batch, GoesOnWithoutAnotherContext) {
    const auto on = read_pull_response(data_message("opennms/recursive-pull-response-1"));
    ASSERT_TRUE(on.ok());
    EXPECT_EQ(on.value().context, "");
    EXPECT_FALSE(on.value().end);
    EXPECT_EQ(on.value().items.size(), 1U);
    EXPECT_TRUE(read_pull_response(data_message("opennms/recursive-pull-response-2")).ok());
    const auto begun = message_of(write_enumerate_response(message_id, other_id, {"", {"<a/>"}, false}));
    EXPECT_EQ(read_enumerate_response(begun).error().id, ErrorId::wsman_malformed);
}

TEST(Batch, GoesThereAndBack) {
    const Batch batch{"context", {"<a xmlns=\"urn:a\">1</a>", "<b/>"}, false};
    for (const bool pulled : {false, true}) {
        const auto message = message_of(pulled ? write_pull_response(other_id, message_id, batch)
                                               : write_enumerate_response(other_id, message_id, batch));
        const auto read = pulled ? read_pull_response(message) : read_enumerate_response(message);
        ASSERT_TRUE(read.ok());
        EXPECT_EQ(read.value().context, batch.context);
        EXPECT_EQ(read.value().items.size(), 2U);
        EXPECT_FALSE(read.value().end);
    }
    EXPECT_FALSE(read_pull_response(data_message("windows/enumerate_response")).ok());
    EXPECT_FALSE(read_shell_item("<Shell/>").ok());
    EXPECT_FALSE(read_shell_item("<Shell").ok());
}

}  // namespace
}  // namespace mullion::wsman
