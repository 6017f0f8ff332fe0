// scrape_load PORT TARGET_PORT FIRST HOSTS INTERVAL ROUNDS TIMEOUT: what Prometheus does with one exporter
// and so many targets, at little cost of its own. Each target (its address counts up from FIRST) has its own
// moment in the interval and is scraped at it, whatever became of the others; connections are kept for the
// next scrape that comes, as Prometheus has them. After each round a line of JSON: what was scraped, missed
// (no answer in time, or none with probe_success 1), how long answers took from the moment on, and what they
// were.
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/connect.h"
#include "net/http_io.h"
#include "net/task.h"
#include "net/worker_pool.h"

namespace {

using namespace mullion;
using std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

struct Words {
    std::uint16_t port = 0, target_port = 0;
    std::uint32_t first = 0;  // 127.1.0.1 as a number.
    unsigned hosts = 0, rounds = 0;
    double interval = 0, timeout = 0;
};

// A connection that waits for the next scrape.
struct Connection {
    std::unique_ptr<net::Stream> stream;
    std::unique_ptr<net::HttpReader> reader;
};

struct Round {
    std::vector<double> took;  // Milliseconds, of those that were no miss.
    std::map<std::string, unsigned> missed;
    std::uint64_t bytes = 0;
    std::size_t series = 0;  // Of one answer.
    unsigned done = 0;
    unsigned at_once = 0;  // Most of them.
};

class Scraper {
public:
    Scraper(boost::asio::io_context& io, const Words& words) : io_(io), words_(words) {}

    void run() {
        for (unsigned turn = 0; turn < words_.rounds; ++turn) {
            round_ = {};
            const auto begin = steady_clock::now();
            auto task = send_out(begin);
            boost::asio::co_spawn(io_, std::move(task), boost::asio::detached);
            io_.restart();
            while (round_.done < words_.hosts) io_.run_one();
            // The next one begins where this one's interval ends, as a server's would.
            boost::asio::steady_timer rest(io_, begin + since(words_.interval));
            rest.wait();
            tell(Seconds(steady_clock::now() - begin).count());
        }
    }

private:
    static steady_clock::duration since(double seconds) {
        return std::chrono::duration_cast<steady_clock::duration>(Seconds(seconds));
    }

    net::Task<void> send_out(steady_clock::time_point begin) {
        boost::asio::steady_timer timer(io_);
        for (unsigned host = 0; host < words_.hosts; ++host) {
            const auto moment = begin + since(words_.interval * host / words_.hosts);
            if (moment > steady_clock::now()) {
                timer.expires_at(moment);
                co_await timer.async_wait(boost::asio::use_awaitable);
            }
            auto task = scrape(host, moment);
            boost::asio::co_spawn(io_, std::move(task), boost::asio::detached);
        }
    }

    net::Task<void> scrape(unsigned host, steady_clock::time_point moment) {
        ++going_;
        round_.at_once = std::max(round_.at_once, going_);
        auto task = ask(host, moment + since(words_.timeout));
        const std::string trouble = co_await std::move(task);
        if (trouble.empty())
            round_.took.push_back(Seconds(steady_clock::now() - moment).count() * 1e3);
        else
            ++round_.missed[trouble];
        --going_;
        ++round_.done;
    }

    net::Task<Result<Connection>> connection(steady_clock::time_point until) {
        while (!idle_.empty()) {
            auto kept = std::move(idle_.back());
            idle_.pop_back();
            if (!kept.stream->stale()) co_return std::move(kept);
        }
        net::Endpoint endpoint;
        endpoint.host = "127.0.0.1";
        endpoint.port = words_.port;
        auto connecting = net::connect(io_.get_executor(), pool_, endpoint, until);
        auto stream = co_await std::move(connecting);
        if (!stream.ok()) co_return std::move(stream).error();
        Connection fresh;
        fresh.stream = std::move(*stream);
        fresh.reader = std::make_unique<net::HttpReader>(*fresh.stream, net::HttpLimits{});
        co_return std::move(fresh);
    }

    // Empty: the answer is one, and of a host that answered. Else what is wrong with it.
    net::Task<std::string> ask(unsigned host, steady_clock::time_point until) {
        auto getting = connection(until);
        auto found = co_await std::move(getting);
        if (!found.ok()) co_return std::string(found.error().info().id);
        auto& [stream, reader] = *found;
        stream->expires_at(until);
        reader->wait_at_most(std::chrono::hours(1), until);
        http::Request request;
        request.method = "GET";
        request.target = "/probe?target=" + address(host) + ":" + std::to_string(words_.target_port);
        request.headers.add("Host", "127.0.0.1");
        request.headers.add("X-Prometheus-Scrape-Timeout-Seconds", std::to_string(words_.timeout));
        auto writing = net::write_request(*stream, request);
        const auto written = co_await std::move(writing);
        if (!written.ok()) co_return std::string(written.error().info().id);
        auto reading = reader->response();
        const auto answer = co_await std::move(reading);
        if (!answer.ok()) co_return std::string(answer.error().info().id);
        if (answer->status != 200) co_return "HTTP " + std::to_string(answer->status);
        co_return judge(*answer, *found);
    }

    std::string judge(const http::Response& answer, Connection& used) {
        round_.bytes += answer.body.size();
        if (round_.series == 0) round_.series = series_of(answer.body);
        if (answer.keep_alive) idle_.push_back(std::move(used));
        if (answer.body.find("\nprobe_success 1\n") != std::string::npos) return {};
        const auto reason = answer.body.find(",reason=\"");
        if (reason == std::string::npos) return "no success";
        return answer.body.substr(reason + 9, answer.body.find('"', reason + 9) - reason - 9);
    }

    static std::size_t series_of(std::string_view text) {
        std::size_t count = 0;
        for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) count += text[at] != '#';
        return count;
    }

    [[nodiscard]] std::string address(unsigned host) const {
        const std::uint32_t number = words_.first + host;
        std::string text;
        for (const unsigned shift : {24U, 16U, 8U, 0U})
            text += (text.empty() ? "" : ".") + std::to_string(number >> shift & 255U);
        return text;
    }

    void tell(double seconds) {
        auto& took = round_.took;
        std::sort(took.begin(), took.end());
        const auto part = [&took](double share) {
            if (took.empty()) return 0.0;
            return took[std::min(took.size() - 1,
                                 static_cast<std::size_t>(share * static_cast<double>(took.size())))];
        };
        std::printf("{\"seconds\":%.3f,\"scrapes\":%u,\"missed\":{", seconds, round_.done);
        const char* comma = "";
        for (const auto& [why, count] : round_.missed) {
            std::printf("%s\"%s\":%u", comma, why.c_str(), count);
            comma = ",";
        }
        std::printf(
            "},\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f,\"series\":%zu,\"bytes\":%llu,\"at_once\":%u}"
            "\n",
            part(0.5), part(0.99), took.empty() ? 0.0 : took.back(), round_.series,
            static_cast<unsigned long long>(round_.bytes), round_.at_once);
        std::fflush(stdout);
    }

    boost::asio::io_context& io_;
    const Words words_;
    net::WorkerPool pool_{1};
    std::vector<Connection> idle_;
    Round round_;
    unsigned going_ = 0;
};

std::uint32_t number_of(std::string_view address) {
    std::uint32_t number = 0, part = 0;
    for (const char c : address) {
        if (c != '.') {
            part = part * 10 + static_cast<std::uint32_t>(c - '0');
            continue;
        }
        number = number << 8U | part;
        part = 0;
    }
    return number << 8U | part;
}

void raise_descriptor_limit() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int count, char** given) {
    if (count != 8) {
        std::fputs("usage: scrape_load PORT TARGET_PORT FIRST HOSTS INTERVAL ROUNDS TIMEOUT\n", stderr);
        return 2;
    }
    raise_descriptor_limit();
    Words words;
    words.port = static_cast<std::uint16_t>(std::atoi(given[1]));
    words.target_port = static_cast<std::uint16_t>(std::atoi(given[2]));
    words.first = number_of(given[3]);
    words.hosts = static_cast<unsigned>(std::atoi(given[4]));
    words.interval = std::atof(given[5]);
    words.rounds = static_cast<unsigned>(std::atoi(given[6]));
    words.timeout = std::atof(given[7]);
    boost::asio::io_context io(1);
    Scraper(io, words).run();
}
