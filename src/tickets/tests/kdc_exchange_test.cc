// KDCs as they should not be. (Those that are: tests/acquiring.)
#include "tickets/kdc_exchange.h"

#include <gtest/gtest.h>

#include "kerberos/acquisition.h"
#include "net/tests/loop.h"

namespace mullion::tickets {
namespace {

using net::Loop;

struct Seen {
    std::string question;
    int connections = 0;
};

// Takes a question of four bytes, says `bytes`, and closes unless `stay`.
net::Task<void> play(Loop& loop, net::Listener& listener, std::string bytes, bool stay, Seen& seen) {
    while (true) {
        auto accepted = co_await listener.accept();
        if (!accepted) co_return;
        seen.connections += 1;
        auto stream = co_await net::adopt(loop.executor(), *accepted, nullptr, net::far_off());
        if (!stream) co_return;
        std::string question(8, '\0');
        const std::span<char> room(question);
        for (std::size_t got = 0; got < question.size();) {
            auto more = co_await (*stream)->read_some(room.subspan(got));
            if (!more || *more == 0) break;
            got += *more;
        }
        seen.question = question;
        // One byte at a time, as a slow network would bring it.
        for (const char byte : bytes) (void)co_await (*stream)->write(std::string_view(&byte, 1));
        std::array<char, 1> ignored{};
        const std::span<char> one(ignored);
        if (stay) (void)co_await (*stream)->read_some(one);
    }
}

class Kdc {
public:
    Kdc(Loop& loop, std::string bytes, bool stay = false)
        : listener_(net::listen(loop.executor(), "127.0.0.1", 0)) {
        loop.start(play(loop, **listener_, std::move(bytes), stay, seen));
    }
    [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string((*listener_)->port()); }
    Seen seen;

private:
    Result<std::unique_ptr<net::Listener>> listener_;
};

std::string framed(const std::string& text) {
    return std::string(3, '\0') + static_cast<char>(text.size()) + text;
}

KdcReply ask(Loop& loop, std::vector<std::string> kdcs, int milliseconds = 30'000) {
    return loop.run(
        ask_kdcs(loop.executor(), loop.pool(), std::move(kdcs), "abcd", net::in_ms(milliseconds)));
}

TEST(KdcExchange, SendsItsLengthAndReadsByTheirs) {
    Loop loop;
    Kdc kdc(loop, framed("the answer"), true);
    const auto reply = ask(loop, {kdc.address()});
    EXPECT_EQ(reply.answer, "the answer");
    EXPECT_EQ(reply.kdc, kdc.address());
    EXPECT_EQ(kdc.seen.question, std::string("\0\0\0\4abcd", 8));
}

TEST(KdcExchange, AnAnswerThatIsCutIsNone) {
    const auto whole = framed("the answer");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        Loop loop;
        Kdc kdc(loop, whole.substr(0, size));
        const auto reply = ask(loop, {kdc.address()});
        EXPECT_EQ(reply.answer, "") << size;
        EXPECT_TRUE(reply.silent.empty()) << size;
        EXPECT_EQ(kdc.seen.connections, 2) << "asked once more: it may have had too many connections";
    }
}

TEST(KdcExchange, RefusesLengthsBeyondTheLimitAtOnce) {
    const auto most = kerberos::max_kdc_message + 1;
    const std::string above{static_cast<char>(most >> 24), static_cast<char>(most >> 16),
                            static_cast<char>(most >> 8), static_cast<char>(most)};
    for (const auto& length : {std::string("\xff\xff\xff\xff"), std::string("\x80\0\0\1", 4), above,
                               std::string(4, '\0'), std::string("HTTP")}) {
        Loop loop;
        Kdc kdc(loop, length + "x", true);  // Which would wait for ever.
        const auto reply = ask(loop, {kdc.address()});
        EXPECT_EQ(reply.answer, "");
        EXPECT_TRUE(reply.silent.empty());
        EXPECT_NE(reply.tried.find("an answer of"), std::string::npos) << reply.tried;
    }
}

TEST(KdcExchange, GoesOnAfterOneThatRefusesOrIsSilent) {
    Loop loop;
    Kdc silent(loop, "", true), slow(loop, framed("x").substr(0, 4), true), good(loop, framed("yes"), true);
    const auto reply = ask(loop, {"127.0.0.1:1", silent.address(), slow.address(), good.address()}, 2'000);
    EXPECT_EQ(reply.answer, "yes");
    const std::vector<std::string> expected{silent.address(), slow.address()};
    EXPECT_EQ(reply.silent, expected);
    EXPECT_NE(reply.tried.find("127.0.0.1:1: "), std::string::npos) << reply.tried;
}

TEST(KdcExchange, SaysWhoWasTriedInVain) {
    Loop loop;
    Kdc silent(loop, "", true);
    const auto reply = ask(loop, {silent.address(), "127.0.0.1:1"}, 200);
    EXPECT_EQ(reply.answer, "");
    EXPECT_NE(reply.tried.find(silent.address() + ": no answer; 127.0.0.1:1: "), std::string::npos)
        << reply.tried;
}

}  // namespace
}  // namespace mullion::tickets
