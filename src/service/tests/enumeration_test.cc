#include <gtest/gtest.h>

#include "service/tests/service_fixture.h"

namespace mullion::service::testing {
namespace {

namespace code = wsman::code;

class EnumerationTest : public ServiceFixture {
protected:
    std::string enumerate_body(const wsman::Enumerate& what,
                               std::string_view resource = wsman::resource::shells) {
        return wsman::write_enumerate(request, message_id(), resource, {}, what);
    }
    std::string pull_body(const std::string& context, std::optional<std::uint32_t> most = std::nullopt) {
        return wsman::write_pull(request, message_id(), wsman::resource::shells, {context, most});
    }
    wsman::Batch enumerate(const wsman::Enumerate& what, const std::string& user = "alice") {
        auto batch = wsman::read_enumerate_response(understood(say(enumerate_body(what), user)));
        EXPECT_TRUE(batch.ok());
        return batch.ok() ? std::move(*batch) : wsman::Batch{};
    }
    wsman::Batch pull(const std::string& context, std::optional<std::uint32_t> most = std::nullopt) {
        auto batch = wsman::read_pull_response(understood(say(pull_body(context, most))));
        EXPECT_TRUE(batch.ok());
        return batch.ok() ? std::move(*batch) : wsman::Batch{};
    }
};

TEST_F(EnumerationTest, OptimizedGivesAllAtOnce) {
    open_shell();
    open_shell();
    open_shell({}, "bob");
    wsman::Enumerate what;
    what.max_elements = 100;
    const auto batch = enumerate(what);
    EXPECT_TRUE(batch.end);
    EXPECT_TRUE(batch.context.empty());
    ASSERT_EQ(batch.items.size(), 2u) << "another user's shells are nobody's business";
    const auto shell = wsman::read_shell_item(batch.items[0]);
    ASSERT_TRUE(shell.ok());
    EXPECT_EQ(shell->owner, R"(TESTHOST\alice)");
    EXPECT_TRUE(enumerate(what, "carol").items.empty());
}

TEST_F(EnumerationTest, PlainGivesAContextToPullFrom) {
    for (int i = 0; i < 3; ++i) open_shell();
    wsman::Enumerate what;
    what.optimize = false;
    const auto begun = enumerate(what);
    EXPECT_TRUE(begun.items.empty());
    EXPECT_FALSE(begun.context.empty());
    const auto first = pull(begun.context);  // Without MaxElements: one.
    EXPECT_EQ(first.items.size(), 1u);
    EXPECT_FALSE(first.end);
    const auto rest = pull(first.context, 20);
    EXPECT_EQ(rest.items.size(), 2u);
    EXPECT_TRUE(rest.end);
    EXPECT_EQ(code_of(say(pull_body(begun.context))), code::invalid_enumeration_context);
}

TEST_F(EnumerationTest, MaxBatchItemsCaps) {
    for (int i = 0; i < 5; ++i) open_shell();
    change([](state::Settings& s) { s.max_batch_items = 2; });
    wsman::Enumerate what;
    what.max_elements = 32'000;
    const auto batch = enumerate(what);
    EXPECT_EQ(batch.items.size(), 2u);
    EXPECT_FALSE(batch.context.empty());
}

TEST_F(EnumerationTest, BatchesFitTheEnvelope) {
    for (int i = 0; i < 60; ++i) open_shell();
    request.max_envelope_size = 8'192;
    wsman::Enumerate what;
    what.max_elements = 32'000;
    const auto out = say(enumerate_body(what));
    EXPECT_LE(out.body.size(), 8'192u);
    const auto batch = wsman::read_enumerate_response(understood(out));
    ASSERT_TRUE(batch.ok());
    EXPECT_GE(batch->items.size(), 3u);
    std::size_t total = batch->items.size();
    std::string context = batch->context;
    while (!context.empty()) {
        const auto more = pull(context, 32'000);
        total += more.items.size();
        context = more.context;
    }
    EXPECT_EQ(total, 60u);
}

// WS-Enumeration 3.1
TEST_F(EnumerationTest, ExpiresEndsAContextThatIsUsed) {
    for (int i = 0; i < 4; ++i) open_shell();
    wsman::Enumerate what;
    what.optimize = false;
    what.expires = Duration(100'000);
    const auto short_lived = enumerate(what);
    EXPECT_EQ(short_lived.expires, what.expires);
    what.expires.reset();
    const auto long_lived = enumerate(what);
    EXPECT_EQ(long_lived.expires, std::nullopt);
    clock.advance(Duration(99'999));
    EXPECT_EQ(pull(short_lived.context).items.size(), 1u);
    EXPECT_EQ(pull(long_lived.context).items.size(), 1u);
    clock.advance(Duration(1));
    EXPECT_EQ(code_of(say(pull_body(short_lived.context))), code::invalid_enumeration_context);
    EXPECT_EQ(pull(long_lived.context).items.size(), 1u);
    what.expires = std::chrono::hours(1'000);
    EXPECT_EQ(enumerate(what).expires, std::chrono::hours(24));
}

TEST_F(EnumerationTest, ContextsBelongToTheirUserAndDie) {
    open_shell();
    wsman::Enumerate what;
    what.optimize = false;
    const auto begun = enumerate(what);
    EXPECT_EQ(code_of(say(pull_body(begun.context), "mallory")), code::invalid_enumeration_context);
    clock.advance(Duration(240'000));
    sweep();
    EXPECT_EQ(code_of(say(pull_body(begun.context))), code::invalid_enumeration_context);

    const auto other = enumerate(what);
    const auto release = [&] {
        return wsman::write_release(request, message_id(), wsman::resource::shells, other.context);
    };
    EXPECT_EQ(code_of(say(release(), "mallory")), code::invalid_enumeration_context);
    EXPECT_EQ(say(release()).status, 200);
    EXPECT_EQ(code_of(say(release())), code::invalid_enumeration_context);
}

TEST_F(EnumerationTest, OpenOnesCountAsOperations) {
    open_shell();
    change([](state::Settings& s) { s.max_operations_per_user = 2; });
    wsman::Enumerate what;
    what.optimize = false;
    enumerate(what);
    enumerate(what);
    EXPECT_EQ(code_of(say(enumerate_body(what))), code::quota_operations);
}

TEST_F(EnumerationTest, FiltersAreForCommandsOnly) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "x");
    wsman::Enumerate what;
    what.max_elements = 10;
    EXPECT_EQ(code_of(say(enumerate_body(what, wsman::resource::shell_commands))), code::filter_expected);
    what.has_filter = true;
    what.filter_dialect = wsman::dialect::wql;
    what.filter_xml = "select * from x";
    EXPECT_EQ(code_of(say(enumerate_body(what))), code::filtering_not_supported);
    EXPECT_EQ(code_of(say(enumerate_body(what, wsman::resource::shell_commands))),
              code::filtering_not_supported);
    what.filter_dialect = wsman::dialect::selector;
    what.filter_xml =
        "<w:SelectorSet xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\"><w:Selector "
        "Name=\"ShellId\">" +
        shell + "</w:Selector></w:SelectorSet>";
    const auto batch = wsman::read_enumerate_response(
        understood(say(enumerate_body(what, wsman::resource::shell_commands))));
    ASSERT_TRUE(batch.ok());
    ASSERT_EQ(batch->items.size(), 1u);
    EXPECT_NE(batch->items[0].find(command), std::string::npos);
    EXPECT_EQ(code_of(say(enumerate_body(what, wsman::resource::shell_commands), "mallory")),
              code::unexpected_selectors);
}

}  // namespace
}  // namespace mullion::service::testing
