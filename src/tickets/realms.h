// Asking the KDCs of realms, with what was learnt of them: who they are, and who is silent. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/clock.h"
#include "kerberos/acquisition.h"
#include "tickets/kdc_exchange.h"
#include "tickets/kdc_lookup.h"
#include "tickets/places.h"

namespace mullion::tickets {

class Realms {
public:
    Realms(net::WorkerPool& workers, const Clock& clock, SrvQuery query)
        : workers_(workers), clock_(clock), lookup_(workers, std::move(query)) {}

    // What a KDC of the request's realm answers. A realm whose KDCs were silent is refused for 30 s, so that
    // ten thousand hosts of it do not wait one after another. Errors: kerberos.silent, kerberos.no_kdc,
    // kerberos.failed
    [[nodiscard]] net::Task<Result<std::string>> ask(net::Executor executor,
                                                     kerberos::Configuration configuration,
                                                     kerberos::KdcRequest request, MonotonicTime deadline);

private:
    // A realm as one configuration sees it.
    struct Known {
        std::vector<std::string> kdcs;
        MonotonicTime kdcs_until{};    // Then they are looked up again.
        MonotonicTime silent_until{};  // Until then nobody is asked.
        std::string tried;
        std::shared_ptr<Places> places = std::make_shared<Places>(most_questions);
    };
    // At a time. MIT's KDC closes the oldest of more than 45 connections; and it answers one in a fraction of
    // a millisecond, so that more of them would gain nothing.
    static constexpr unsigned most_questions = 16;

    [[nodiscard]] static std::string key_of(const kerberos::Configuration& configuration,
                                            const std::string& realm);
    // Errors: kerberos.silent
    [[nodiscard]] Result<void> check(const std::string& key, const std::string& realm);
    [[nodiscard]] net::Task<Result<std::vector<std::string>>> kdcs(net::Executor executor,
                                                                   kerberos::Configuration configuration,
                                                                   std::string realm, MonotonicTime deadline);
    // Those that were silent last: else they would cost their share of each question.
    [[nodiscard]] std::vector<std::string> in_order(std::vector<std::string> kdcs);
    [[nodiscard]] net::Task<Result<std::string>> ask_in_turn(net::Executor executor,
                                                             kerberos::Configuration configuration,
                                                             kerberos::KdcRequest request,
                                                             MonotonicTime deadline);
    [[nodiscard]] std::shared_ptr<Places> places_of(const std::string& key);
    [[nodiscard]] Error failed(const std::string& key, const std::string& realm, const KdcReply& reply,
                               bool had_time);

    net::WorkerPool& workers_;
    const Clock& clock_;
    KdcLookup lookup_;
    std::mutex mutex_;
    std::map<std::string, Known> realms_;
    std::map<std::string, MonotonicTime> silent_;  // KDCs, until when.
};

}  // namespace mullion::tickets
