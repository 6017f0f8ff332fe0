// Engines that need no library: a two-leg handshake with a shared word, and a seal that notices any change.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "auth/mechanism.h"

namespace mullion::channel::testing {

// Counts messages as NTLM does: one that is lost, repeated or changed cannot be opened.
class FakeSealing final : public auth::Sealing {
public:
    Result<auth::SealedMessage> seal(std::string_view plaintext) override {
        std::string data(plaintext);
        for (char& c : data) c = static_cast<char>(c ^ 0x5A);
        return auth::SealedMessage{signature(plaintext, sent_++), std::move(data), plaintext.size()};
    }
    Result<std::string> unseal(std::string_view given, std::string_view data) override {
        std::string clear(data);
        for (char& c : clear) c = static_cast<char>(c ^ 0x5A);
        if (given != signature(clear, received_++)) return Error(ErrorId::seal_broken, "signature");
        return clear;
    }

private:
    static std::string signature(std::string_view clear, unsigned number) {
        unsigned sum = number * 7919 + 17;
        for (const char c : clear) sum = sum * 31 + static_cast<unsigned char>(c);
        std::string text = std::to_string(sum);
        text.resize(16, '.');
        return text;
    }
    unsigned sent_ = 0;
    unsigned received_ = 0;
};

// "hello" → "challenge" → "proof:WORD" (→ "done" when the server has a last token).
class FakeInitiator final : public auth::Initiator {
public:
    explicit FakeInitiator(std::string word) : word_(std::move(word)) {}
    std::string_view http_scheme() const override { return "Negotiate"; }
    std::string_view name() const override { return "fake"; }
    bool may_block() const override { return true; }
    bool every_request() const override { return false; }
    Result<auth::Step> step(std::string_view token) override {
        if (token.empty()) return auth::Step{"hello", false};
        if (token == "challenge") return auth::Step{"proof:" + word_, false};
        if (token == "done") {
            complete_ = true;
            return auth::Step{"", true};
        }
        return Error(ErrorId::auth_protocol, "unexpected token");
    }
    auth::Sealing* sealing() override { return complete_ ? &sealing_ : nullptr; }
    std::string_view multipart_protocol() const override {
        return "application/HTTP-SPNEGO-session-encrypted";
    }

private:
    std::string word_;
    bool complete_ = false;
    FakeSealing sealing_;
};

class FakeBasic final : public auth::Initiator {
public:
    explicit FakeBasic(std::string token) : token_(std::move(token)) {}
    std::string_view http_scheme() const override { return "Basic"; }
    std::string_view name() const override { return "basic"; }
    bool may_block() const override { return false; }
    bool every_request() const override { return true; }
    Result<auth::Step> step(std::string_view) override { return auth::Step{token_, true}; }
    auth::Sealing* sealing() override { return nullptr; }
    std::string_view multipart_protocol() const override { return {}; }

private:
    std::string token_;
};

// As raw NTLM: its second word is its last, and to ask for another is a bug.
class ShortInitiator final : public auth::Initiator {
public:
    explicit ShortInitiator(std::string word) : word_(std::move(word)) {}
    std::string_view http_scheme() const override { return "Negotiate"; }
    std::string_view name() const override { return "short"; }
    bool may_block() const override { return false; }
    bool every_request() const override { return false; }
    Result<auth::Step> step(std::string_view token) override {
        EXPECT_FALSE(complete_) << "asked again after its last word";
        if (token.empty()) return auth::Step{"hello", false};
        complete_ = true;
        return auth::Step{"proof:" + word_, true};
    }
    auth::Sealing* sealing() override { return complete_ ? &sealing_ : nullptr; }
    std::string_view multipart_protocol() const override {
        return "application/HTTP-SPNEGO-session-encrypted";
    }

private:
    std::string word_;
    bool complete_ = false;
    FakeSealing sealing_;
};

class FakeAcceptor final : public auth::Acceptor {
public:
    bool may_block() const override { return true; }
    Result<auth::AcceptStep> step(std::string_view token) override {
        if (token == "hello") return auth::AcceptStep{"challenge", std::nullopt};
        if (token == "proof:again") return auth::AcceptStep{"challenge", std::nullopt};
        claimed_ = "bob";
        if (token == "proof:more") {  // It is right, and there is more to come.
            proven_.emplace("alice", auth::Transport::ntlm, true, "nobody");
            return auth::AcceptStep{"more", std::nullopt};
        }
        if (token != "proof:word") return Error(ErrorId::auth_rejected, "wrong word");
        complete_ = true;
        return auth::AcceptStep{"done", auth::Identity("alice", auth::Transport::ntlm, true, "nobody")};
    }
    std::string claimed() const override { return claimed_; }
    std::string_view inside() const override { return "fake"; }
    const auth::Identity* proven() const override { return proven_ ? &*proven_ : nullptr; }
    auth::Sealing* sealing() override { return complete_ ? &sealing_ : nullptr; }
    std::string_view multipart_protocol() const override {
        return "application/HTTP-SPNEGO-session-encrypted";
    }

private:
    bool complete_ = false;
    std::string claimed_;
    std::optional<auth::Identity> proven_;
    FakeSealing sealing_;
};

}  // namespace mullion::channel::testing
