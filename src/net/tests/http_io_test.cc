// HTTP messages over a stream that gives bytes as the test says.
#include "net/http_io.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "net/tests/loop.h"

namespace mullion::net {
namespace {

// Gives `input` in pieces of `piece` bytes, then the end; keeps what is written.
class Script final : public Stream {
public:
    Script(Executor executor, std::string input, std::size_t piece)
        : executor_(std::move(executor)), input_(std::move(input)), piece_(piece) {}
    Task<Result<std::size_t>> read_some(std::span<char> into) override {
        const auto count = std::min({piece_, into.size(), input_.size()});
        std::copy_n(input_.data(), count, into.data());
        input_.erase(0, count);
        co_return count;
    }
    Task<Result<void>> write(std::string_view bytes) override {
        written += bytes;
        co_return Result<void>{};
    }
    void expires_at(MonotonicTime when) override { expiries.push_back(when); }
    void close() override {}
    const TlsFacts* tls() const override { return nullptr; }
    std::string peer() const override { return "test"; }
    Executor executor() override { return executor_; }
    bool stale() override { return false; }
    std::string written;
    std::vector<MonotonicTime> expiries;

private:
    Executor executor_;
    std::string input_;
    std::size_t piece_;
};

class HttpIo : public ::testing::Test {
protected:
    Result<http::Response> answer(const std::string& bytes, std::size_t piece = 1'000'000,
                                  HttpLimits limits = {}) {
        Script script(loop.executor(), bytes, piece);
        HttpReader reader(script, limits);
        return loop.run(reader.response());
    }
    void expect_answer_fails(const std::string& bytes, std::string_view id) {
        for (const std::size_t piece : {std::size_t{1}, std::size_t{1'000'000}}) {
            const auto response = answer(bytes, piece);
            ASSERT_FALSE(response.ok()) << bytes;
            EXPECT_EQ(response.error().info().id, id) << bytes << ": " << response.error().message();
        }
    }
    Loop loop;
};

TEST_F(HttpIo, ReadsAnAnswerInPiecesOfAnySize) {
    const std::string chunked =
        "HTTP/1.1 500 Internal Server Error\r\nTransfer-Encoding: chunked\r\n\r\n"
        "4;ext=1\r\nabcd\r\n3\r\nefg\r\n0\r\nTrailer: x\r\n\r\n";
    const std::string sized = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 7\r\n\r\nabcdefg";
    const std::string closing = "HTTP/1.0 500 Internal Server Error\r\n\r\nabcdefg";
    for (const auto& bytes : {chunked, sized, closing}) {
        for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
            const auto response = answer(bytes, piece);
            ASSERT_TRUE(response.ok()) << piece << ": " << response.error().message();
            EXPECT_EQ(response->status, 500);
            EXPECT_EQ(response->body, "abcdefg");
            EXPECT_FALSE(response->headers.has("Trailer"));
            EXPECT_EQ(response->keep_alive, bytes != closing);
        }
    }
}

TEST_F(HttpIo, ChunksMayNotCostManyTimesTheirContent) {
    std::string chunks;
    for (int i = 0; i < 3'000; ++i) chunks += "1;" + std::string(100, 'e') + "\r\nx\r\n";
    const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    const HttpLimits limits{1'000, 10'000};
    const auto refused = answer(head + chunks + "0\r\n\r\n", 64, limits);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().id, ErrorId::http_too_large);
    EXPECT_NE(refused.error().detail.find("framing"), std::string::npos) << refused.error().detail;
    // The same with as much room as content and framing take.
    EXPECT_TRUE(answer(head + chunks + "0\r\n\r\n", 64, {1'000, 200'000}).ok());
}

TEST_F(HttpIo, SaysHowLargeABodyMayBe) {
    const auto refused =
        answer("HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n", 100, {1'000, 10'000});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().detail, "a body over 10000 bytes");
}

// Bytes that drip do not move the end of patience, bytes that flow do.
TEST_F(HttpIo, AnAnswerThatDripsHasItsEnd) {
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n";
    const Duration quiet(60'000);
    Script dripping(loop.executor(), head, 1);
    HttpReader patient(dripping, {});
    patient.wait_at_most(quiet, MonotonicTime::max());
    EXPECT_FALSE(loop.run(patient.response()).ok());  // It ends in the middle of the body.
    ASSERT_GT(dripping.expiries.size(), head.size());
    for (std::size_t at = 2; at < head.size(); ++at) EXPECT_EQ(dripping.expiries[at], dripping.expiries[1]);

    // So is what more than the rate brings worth more time, up to the quiet that is allowed in any case.
    Script flowing(loop.executor(), head + std::string(200'000, 'x'), 1'000);
    HttpReader reader(flowing, {});
    reader.wait_at_most(quiet, MonotonicTime::max());
    EXPECT_TRUE(loop.run(reader.response()).ok());
    EXPECT_GT(flowing.expiries.back(), flowing.expiries[1]);
}

TEST_F(HttpIo, EveryTruncatedAnswerIsACut) {
    const std::string whole = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n";
    for (std::size_t length = 0; length < whole.size(); ++length) {
        expect_answer_fails(whole.substr(0, length), "net.closed");
    }
    EXPECT_EQ(answer("").error().detail, "not a byte of it came");
}

TEST_F(HttpIo, SkipsInformationalAnswersButNotForEver) {
    const std::string wait = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto response = answer(wait + wait + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 7);
    ASSERT_TRUE(response.ok());
    EXPECT_EQ(response->status, 200);
    std::string many;
    for (int i = 0; i < 100; ++i) many += wait;
    expect_answer_fails(many, "http.malformed");
    expect_answer_fails("HTTP/1.1 101 Switching Protocols\r\n\r\n", "http.malformed");
}

TEST_F(HttpIo, SaysWhatTheAnswerIsInstead) {
    expect_answer_fails(std::string("\x15\x03\x03\x00\x02\x02\x46", 7), "http.tls_port");
    expect_answer_fails("SSH-2.0-OpenSSH_9.2\r\n", "http.malformed");
    expect_answer_fails("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n",
                        "http.malformed");
    expect_answer_fails("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "http.malformed");
    expect_answer_fails("HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'a'), "http.too_large");
}

TEST_F(HttpIo, AnAnswerWithMoreBehindItEndsTheConnection) {
    const std::string one = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    EXPECT_TRUE(answer(one)->keep_alive);
    const auto followed = answer(one + one);
    ASSERT_TRUE(followed.ok());
    EXPECT_EQ(followed->body, "x");
    EXPECT_FALSE(followed->keep_alive);
}

TEST_F(HttpIo, BoundsABodyThatLastsUntilTheEnd) {
    HttpLimits limits;
    limits.body = 100;
    const auto response = answer("HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'a'), 10, limits);
    ASSERT_FALSE(response.ok());
    EXPECT_EQ(response.error().info().id, "http.too_large");
}

TEST_F(HttpIo, ReadsRequestsOneAfterTheOther) {
    const std::string bytes =
        "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\none"
        "POST /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n"
        "POST /c HTTP/1.0\r\n\r\n";
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
        Script script(loop.executor(), bytes, piece);
        HttpReader reader(script, {});
        for (const auto& [target, body] :
             {std::pair<std::string, std::string>{"/a", "one"}, {"/b", "two"}, {"/c", ""}}) {
            const auto header = loop.run(reader.request_header());
            ASSERT_TRUE(header.ok() && header->has_value()) << piece;
            EXPECT_EQ((*header)->target, target);
            const auto read = loop.run(reader.request_body(100));
            ASSERT_TRUE(read.ok()) << read.error().message();
            EXPECT_EQ(*read, body);
        }
        const auto end = loop.run(reader.request_header());
        ASSERT_TRUE(end.ok());
        EXPECT_FALSE(end->has_value());
    }
}

TEST_F(HttpIo, DropsABodyAndReadsOn) {
    const std::string bytes = "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 50000\r\n\r\n" +
                              std::string(50'000, 'x') + "POST /b HTTP/1.1\r\nHost: h\r\n\r\n";
    Script script(loop.executor(), bytes, 999);
    HttpReader reader(script, {});
    ASSERT_TRUE(loop.run(reader.request_header()).ok());
    ASSERT_TRUE(loop.run(reader.drop_request_body(60'000)).ok());
    const auto next = loop.run(reader.request_header());
    ASSERT_TRUE(next.ok() && next->has_value());
    EXPECT_EQ((*next)->target, "/b");
}

TEST_F(HttpIo, AnswersExpectationsOnlyWhenTheBodyIsWanted) {
    const std::string header =
        "POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
    Script script(loop.executor(), header + "abc", header.size());
    HttpReader reader(script, {});
    ASSERT_TRUE(loop.run(reader.request_header()).ok());
    EXPECT_EQ(script.written, "");
    const auto body = loop.run(reader.request_body(10));
    ASSERT_TRUE(body.ok());
    EXPECT_EQ(script.written, "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_EQ(*body, "abc");
}

TEST_F(HttpIo, RefusesABodyOverTheLimitBeforeReadingIt) {
    for (const std::string framing :
         {"Content-Length: 11\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nb\r\nabcdefghijk\r\n"}) {
        Script script(loop.executor(), "POST /a HTTP/1.1\r\nHost: h\r\n" + framing, 10);
        HttpReader reader(script, {});
        ASSERT_TRUE(loop.run(reader.request_header()).ok());
        const auto body = loop.run(reader.request_body(10));
        ASSERT_FALSE(body.ok());
        EXPECT_EQ(body.error().info().id, "http.too_large");
    }
}

TEST_F(HttpIo, AChunksHeaderWithoutEndIsBounded) {
    const std::string bytes =
        "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(500'000, 'x');
    Script script(loop.executor(), bytes, 10'000);
    HttpReader reader(script, {});
    ASSERT_TRUE(loop.run(reader.request_header()).ok());
    EXPECT_FALSE(loop.run(reader.request_body(1000)).ok());
}

TEST_F(HttpIo, TlsOnTheHttpPortIsNoRequest) {
    Script script(loop.executor(), std::string("\x16\x03\x01\x02", 4), 1);
    HttpReader reader(script, {});
    const auto header = loop.run(reader.request_header());
    ASSERT_FALSE(header.ok());
    EXPECT_EQ(header.error().info().id, "http.malformed");
}

}  // namespace
}  // namespace mullion::net
