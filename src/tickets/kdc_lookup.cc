#include "tickets/kdc_lookup.h"

#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>

#include <fmt/core.h>

#include <memory>
#include <utility>

#include "kerberos/acquisition.h"
#include "tickets/outcome.h"
#include "tickets/srv.h"

namespace mullion::tickets {
namespace {

using Kdcs = Result<std::vector<std::string>>;
using Answer = std::optional<std::string>;

Error unknown(const std::string& realm, const std::string& why) {
    return {ErrorId::kerberos_no_kdc,
            fmt::format("of the realm {}: krb5.conf names none, and {}", realm, why)};
}

Kdcs read(const std::string& realm, const std::string& name, const Answer& answer) {
    if (!answer) return unknown(realm, "DNS has no " + name);
    const auto records = read_srv_answer(*answer);
    if (!records) return unknown(realm, "the name server's answer for " + name + " cannot be read");
    std::vector<std::string> kdcs;
    for (const auto& record : *records) kdcs.push_back(fmt::format("{}:{}", record.host, record.port));
    if (kdcs.empty()) return unknown(realm, "DNS says that nobody serves " + name);
    return kdcs;
}

}  // namespace

std::optional<std::string> query_srv(const std::string& name) {
    struct State {
        State() { ready = res_ninit(&resolver) == 0; }
        ~State() {
            if (ready) res_nclose(&resolver);
        }
        struct __res_state resolver {};
        bool ready = false;
    } state;
    if (!state.ready) return std::nullopt;
    std::string answer(64 * 1024, '\0');
    const int size =
        res_nquery(&state.resolver, (name + '.').c_str(), ns_c_in, ns_t_srv,
                   reinterpret_cast<unsigned char*>(answer.data()), static_cast<int>(answer.size()));
    if (size <= 0 || static_cast<std::size_t>(size) > answer.size()) return std::nullopt;
    answer.resize(static_cast<std::size_t>(size));
    return answer;
}

KdcLookup::KdcLookup(net::WorkerPool& workers, SrvQuery query)
    : workers_(workers), query_(std::move(query)) {}

net::Task<Kdcs> KdcLookup::find(net::Executor executor, kerberos::Configuration configuration,
                                std::string realm, MonotonicTime deadline) {
    const auto from_file = [configuration, realm] { return kerberos::kdcs_of(configuration, realm); };
    auto written = co_await workers_.run(from_file);
    if (!written || !written->empty()) co_return written;
    const auto name = srv_name(realm);
    if (!name) co_return unknown(realm, "its name is not one that DNS can be asked for");
    const auto outcome = std::make_shared<Outcome<Answer>>();
    auto job = [outcome, query = query_, name = *name] { outcome->tell(query(name)); };
    if (!threads_.submit(std::move(job))) co_return unknown(realm, "there is no thread to ask DNS with");
    const auto answer = co_await Outcome<Answer>::wait(outcome, executor, deadline);
    if (!answer) co_return unknown(realm, "no name server answers for " + *name);
    co_return read(realm, *name, *answer);
}

}  // namespace mullion::tickets
