// Surroundings for tests: answers from a function, time that only pauses move, an environment of its own.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "aws/caller.h"
#include "core/clock.h"
#include "core/ids.h"

namespace mullion::aws {

inline HttpAnswer answer(int status, std::string_view body, std::vector<Header> headers = {}) {
    return HttpAnswer{status, std::move(headers), Secret(body)};
}

class PlayedHttp final : public HttpClient {
public:
    using Reply = std::variant<HttpAnswer, HttpFailure>;
    // In their order; the last one stays.
    void say(Reply reply) { replies_.push_back(std::move(reply)); }
    void say(std::function<Reply(const HttpRequest&)> made) { made_ = std::move(made); }

    Reply send(const HttpRequest& request) override {
        Seen seen{
            request.endpoint.url(), request.method, request.target, std::string(request.body.expose()), {}};
        for (const auto& [name, value] : request.headers) seen.headers[name] = value;
        for (const auto& [name, value] : request.secret_headers)
            seen.headers[name] = std::string(value.expose());
        seen_.push_back(std::move(seen));
        if (made_) return made_(request);
        if (replies_.empty()) return HttpFailure{Error(ErrorId::aws_unreachable, "nobody is there"), true};
        auto& next = replies_.front();
        if (replies_.size() == 1) return copy(next);
        auto taken = std::move(next);
        replies_.pop_front();
        return taken;
    }

    struct Seen {
        std::string url, method, target, body;
        std::map<std::string, std::string> headers;
    };
    [[nodiscard]] const std::vector<Seen>& seen() const { return seen_; }

private:
    static Reply copy(const Reply& reply) {
        if (const auto* const failed = std::get_if<HttpFailure>(&reply)) return *failed;
        const auto& one = std::get<HttpAnswer>(reply);
        return HttpAnswer{one.status, one.headers, one.body.clone()};
    }
    std::deque<Reply> replies_;
    std::function<Reply(const HttpRequest&)> made_;
    std::vector<Seen> seen_;
};

class CountedPauses final : public Pauses {
public:
    explicit CountedPauses(ManualClock& clock) : clock_(clock) {}
    void wait(Duration time) override {
        waited.push_back(time);
        clock_.advance(time);
    }
    std::vector<Duration> waited;

private:
    ManualClock& clock_;
};

// Every draw is the same share of the whole: the byte's first bit is a half.
class FixedRandom final : public Random {
public:
    explicit FixedRandom(std::uint8_t byte) : byte_(byte) {}
    void fill(std::span<std::uint8_t> bytes) override {
        std::fill(bytes.begin(), bytes.end(), byte_ == 0xff ? 0xff : 0);
        bytes[0] = byte_;
    }

private:
    std::uint8_t byte_;
};

struct PlayedWorld {
    PlayedHttp http;
    ManualClock clock;
    FixedRandom random{0x80};  // A half.
    CountedPauses pauses{clock};
    std::map<std::string, std::string> environment;

    World world() {
        return World{http, clock, random, pauses,
                     [this](const std::string& name) -> std::optional<std::string> {
                         const auto found = environment.find(name);
                         if (found == environment.end()) return std::nullopt;
                         return found->second;
                     }};
    }
};

// Credentials that never change, and how often they were refused.
class FixedCredentials final : public CredentialProvider {
public:
    explicit FixedCredentials(std::string token = {}) {
        Credentials made;
        made.access_key = Secret("AKIDEXAMPLE");
        made.secret_key = Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        made.session_token = Secret(token);
        made.role_session = !token.empty();
        kept_ = std::make_shared<const Credentials>(std::move(made));
    }
    Outcome<Shared> get() override { return Shared(kept_); }
    void forget(const Shared&) override { ++forgotten; }
    std::string description() const override { return "keys of a test"; }
    std::vector<std::string> notes() const override { return {}; }
    int forgotten = 0;

private:
    Shared kept_;
};

}  // namespace mullion::aws
