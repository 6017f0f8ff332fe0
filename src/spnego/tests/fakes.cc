#include "spnego/tests/fakes.h"

namespace mullion::spnego::testing {
namespace {

class FakeIntegrity final : public auth::Integrity {
public:
    FakeIntegrity(std::string_view oid, bool client) : oid_(oid), client_(client) {}
    std::string list_mic(std::string_view list) override { return fake_mic(oid_, client_, list); }
    bool list_mic_is_right(std::string_view list, std::string_view mic) override {
        return mic == fake_mic(oid_, !client_, list);
    }

private:
    std::string_view oid_;
    bool client_;
};

// "OID 0", "OID 1" … in turns.
class Dialogue {
public:
    Dialogue(const Fake& fake, bool client)
        : fake_(fake), integrity_(fake.oid, client), next_(client ? 0 : 1) {}

    // False for a token that is not the one before next.
    bool hear(std::string_view token) {
        if (next_ == 0) return token.empty();
        return token == text(next_ - 1);
    }
    std::string say() {
        if (next_ >= fake_.tokens) return {};
        std::string said = text(next_);
        next_ += 2;
        return said;
    }
    auth::Integrity* integrity() { return done_ && fake_.protects ? &integrity_ : nullptr; }
    void finish() { done_ = true; }

private:
    std::string text(int number) const { return std::string(fake_.oid) + " " + std::to_string(number); }

    Fake fake_;
    FakeIntegrity integrity_;
    int next_;
    bool done_ = false;
};

class FakeInitiator final : public auth::Initiator {
public:
    explicit FakeInitiator(const Fake& fake) : fake_(fake), dialogue_(fake, true) {}
    std::string_view http_scheme() const override { return "Fake"; }
    std::string_view name() const override { return "fake"; }
    bool may_block() const override { return fake_.may_block; }
    bool every_request() const override { return false; }
    Result<auth::Step> step(std::string_view token) override {
        if (token == "because") return Error(ErrorId::auth_rejected, "fake: because");
        if (!dialogue_.hear(token)) return Error(ErrorId::auth_protocol, "fake: not my token");
        ++heard_;
        const std::string said = dialogue_.say();
        // Tokens 0, 2, 4 … are ours.
        const bool complete = 2 * heard_ - 1 >= fake_.tokens;
        if (complete) dialogue_.finish();
        return auth::Step{said, complete};
    }
    auth::Sealing* sealing() override { return nullptr; }
    auth::Integrity* integrity() override { return dialogue_.integrity(); }
    std::string_view multipart_protocol() const override { return ""; }

private:
    Fake fake_;
    Dialogue dialogue_;
    int heard_ = 0;
};

class FakeAcceptor final : public auth::Acceptor {
public:
    explicit FakeAcceptor(const Fake& fake) : fake_(fake), dialogue_(fake, false) {}
    bool may_block() const override { return fake_.may_block; }
    Result<auth::AcceptStep> step(std::string_view token) override {
        if (!dialogue_.hear(token)) return Error(ErrorId::auth_protocol, "fake: not my token");
        if (fake_.refuses) {
            last_word_ = "because";
            return Error(ErrorId::auth_rejected, "fake: go away");
        }
        ++heard_;
        auth::AcceptStep step{dialogue_.say(), std::nullopt};
        if (2 * heard_ >= fake_.tokens) {  // Tokens 1, 3 … are ours.
            dialogue_.finish();
            step.identity.emplace("alice", auth::Transport::ntlm, true, "unix");
        }
        return step;
    }
    std::string last_word() const override { return last_word_; }
    auth::Sealing* sealing() override { return nullptr; }
    auth::Integrity* integrity() override { return dialogue_.integrity(); }
    std::string_view multipart_protocol() const override { return ""; }

private:
    Fake fake_;
    Dialogue dialogue_;
    int heard_ = 0;
    std::string last_word_;
};

}  // namespace

std::unique_ptr<auth::Initiator> fake_initiator(const Fake& fake) {
    return std::make_unique<FakeInitiator>(fake);
}
std::unique_ptr<auth::Acceptor> fake_acceptor(const Fake& fake) {
    return std::make_unique<FakeAcceptor>(fake);
}

std::string fake_mic(std::string_view oid, bool by_client, std::string_view list) {
    return std::string(by_client ? "client " : "server ").append(oid).append(list);
}

Handshake::Handshake(const std::vector<Fake>& offered, const std::vector<Fake>& served) {
    std::vector<Offer> offers;
    for (const Fake& fake : offered) offers.push_back({fake.oid, fake_initiator(fake)});
    std::vector<Served> all;
    for (const Fake& fake : served) all.push_back({fake.oid, fake_acceptor(fake)});
    client = make_initiator(std::move(offers));
    server = make_acceptor(std::move(all));
}

void Handshake::run() {
    std::string token;
    while (!error) {
        auto step = client->step(token);
        if (!step.ok()) {
            error = step.error();
            error_is_the_clients = true;
            return;
        }
        client_complete = step->complete;
        if (step->token.empty()) return;
        tokens.push_back(step->token);
        auto answer = server->step(on_the_way(step->token));
        if (!answer.ok()) {
            error = answer.error();
            return;
        }
        if (answer->identity) identity = std::move(answer->identity);
        if (answer->token.empty()) return;
        tokens.push_back(answer->token);
        if (client_complete) return;
        token = on_the_way(answer->token);
    }
}

}  // namespace mullion::spnego::testing
