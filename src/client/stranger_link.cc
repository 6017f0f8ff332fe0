#include "client/stranger_link.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <utility>

#include "channel/answer_check.h"
#include "channel/client_logon.h"
#include "net/connect.h"
#include "net/http_io.h"

namespace mullion::client {
namespace {

constexpr const char* utf16_type = "application/soap+xml;charset=UTF-16";

Error tells_strangers_nothing(const http::Response& response) {
    auto offered = channel::offered_schemes(response);
    Error error(ErrorId::auth_not_offered,
                fmt::format("HTTP {}: it does not tell who it is without a log-on", response.status));
    if (!offered.empty()) error.detail += fmt::format("; it offers {}", fmt::join(offered, ", "));
    error.http_status = response.status;
    error.offered = std::move(offered);
    error.tried = "no log-on";
    return error;
}

class StrangerLink final : public Link {
public:
    StrangerLink(net::Executor executor, net::WorkerPool& pool, channel::ClientSettings settings)
        : executor_(std::move(executor)), pool_(pool), settings_(std::move(settings)) {}

    net::Task<Result<channel::Answer>> exchange(std::string body, MonotonicTime deadline,
                                                channel::Repeat) override {
        sent_ = closing_ = false;
        const auto by = std::min(deadline, system_clock().now() + settings_.connect_timeout);
        auto connected = co_await net::connect(executor_, pool_, settings_.endpoint, by);
        if (!connected.ok()) co_return std::move(connected).error().at_step("connect");
        stream_ = std::move(connected).value();
        auto answer = co_await ask(std::move(body), deadline);
        stream_.reset();
        co_return answer;
    }

    bool sent() const override { return sent_; }
    bool repeated() const override { return false; }
    bool connected() const override { return false; }
    unsigned round_trips() const override { return round_trips_; }
    std::string transport() const override { return {}; }
    bool sealed() const override { return false; }
    void speak_utf16(bool utf16) override { utf16_ = utf16; }
    void close() override {
        closing_ = true;
        if (stream_) stream_->close();  // What it waits for fails, and the exchange ends.
    }

private:
    [[nodiscard]] http::Request request_of(std::string body) const {
        auto request = channel::new_request(settings_);
        request.headers.add("WSMANIDENTIFY", "unauthenticated");
        if (utf16_) request.headers.set("Content-Type", utf16_type);
        request.body = std::move(body);
        return request;
    }

    net::Task<Result<channel::Answer>> ask(std::string body, MonotonicTime deadline) {
        if (closing_) co_return Error(ErrorId::net_closed, "given up while connecting").at_step("connect");
        const auto request = request_of(std::move(body));
        const auto quiet = settings_.read_timeout;
        stream_->expires_at(std::min(deadline, system_clock().now() + quiet));
        net::HttpReader reader(*stream_, settings_.limits);
        reader.wait_at_most(quiet, deadline);
        ++round_trips_;
        sent_ = true;
        auto written = co_await net::write_request(*stream_, request);
        if (!written.ok() && written.error().id != ErrorId::net_closed) co_return std::move(written).error();
        // Who refuses at the door may have said so before all of it was written.
        auto response = co_await reader.response();
        if (!response.ok() && !written.ok()) co_return std::move(written).error();
        if (!response.ok()) co_return std::move(response).error();
        co_return judge(std::move(response).value());
    }

    Result<channel::Answer> judge(http::Response response) {
        if (channel::refused_untouched(response)) sent_ = false;
        if (response.status == 401) return tells_strangers_nothing(response);
        auto type = std::string(response.headers.first("Content-Type").value_or(""));
        const bool status = response.status == 200 || response.status == 400 || response.status == 500;
        if (status && channel::is_soap(type) && !response.body.empty())
            return channel::Answer{response.status, std::move(response.body), std::move(type)};
        if (response.status >= 300 && channel::carries_message(response))
            return channel::explain_message(response);
        return channel::explain_answer(response, settings_.endpoint.tls == nullptr,
                                       settings_.endpoint.tls != nullptr, settings_.path);
    }

    net::Executor executor_;
    net::WorkerPool& pool_;
    channel::ClientSettings settings_;
    std::unique_ptr<net::Stream> stream_;
    unsigned round_trips_ = 0;
    bool sent_ = false;
    bool utf16_ = false;
    bool closing_ = false;
};

}  // namespace

std::shared_ptr<Link> make_stranger_link(net::Executor executor, net::WorkerPool& pool,
                                         channel::ClientSettings settings) {
    return std::make_shared<StrangerLink>(std::move(executor), pool, std::move(settings));
}

}  // namespace mullion::client
