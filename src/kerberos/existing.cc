// Caches that others made: kinit's, a log-on's.
#include <fmt/chrono.h>

#include <algorithm>
#include <ctime>

#include "kerberos/client_name.h"
#include "kerberos/ticket_state.h"

namespace mullion::kerberos {
namespace {

using Cache = Owned<krb5_ccache, &Library::krb5_cc_close>;

std::string name_of(const Context& context, krb5_ccache cache) {
    Owned<char*, &Library::krb5_free_string> name(context.get());
    if (context->krb5_cc_get_full_name(context.get(), cache, name.put()) != 0) return "the cache";
    return name.get();
}

struct Opened {
    Context context;
    krb5_ccache cache = nullptr;
    CacheInfo info;

    Opened(Context made) : context(std::move(made)) {}  // NOLINT: made in one place
    Opened(Opened&& other) noexcept
        : context(std::move(other.context)),
          cache(std::exchange(other.cache, nullptr)),
          info(std::move(other.info)) {}
    ~Opened() {
        if (cache != nullptr) (void)context->krb5_cc_close(context.get(), cache);
    }
};

// The one of `name`; without a name the default one, or the client's own of that collection.
Result<void> find(Opened& opened, const Configuration& configuration, const std::string& name,
                  const std::string& client) {
    const auto& context = opened.context;
    krb5_error_code code = 0;
    if (!name.empty()) {
        code = context->krb5_cc_resolve(context.get(), name.c_str(), &opened.cache);
    } else if (client.empty()) {
        code = context->krb5_cc_default(context.get(), &opened.cache);
    } else {
        MULLION_ASSIGN(const auto wanted, client_principal(context, configuration, client));
        code = context->krb5_cc_cache_match(context.get(), wanted.get(), &opened.cache);
        if (code == KRB5_CC_NOTFOUND) code = context->krb5_cc_default(context.get(), &opened.cache);
    }
    if (code == 0) return {};
    return context.error(ErrorId::kerberos_no_ticket, name.empty() ? "the default cache" : "cache " + name,
                         code);
}

Result<Opened> open(const Configuration& configuration, const std::string& name, const std::string& client) {
    MULLION_ASSIGN(auto made, Context::make(configuration));
    Opened opened(std::move(made));
    const auto& context = opened.context;
    MULLION_TRY(find(opened, configuration, name, client));
    opened.info.name = name_of(context, opened.cache);
    Principal holder(context.get());
    const auto code = context->krb5_cc_get_principal(context.get(), opened.cache, holder.put());
    if (code != 0) return context.error(ErrorId::kerberos_no_ticket, "cache " + opened.info.name, code);
    MULLION_ASSIGN(opened.info.client, text_of(context, holder.get()));
    if (!client.empty()) {
        MULLION_ASSIGN(const auto wanted, client_principal(context, configuration, client));
        if (context->krb5_principal_compare(context.get(), wanted.get(), holder.get()) == 0)
            return Error(ErrorId::kerberos_no_ticket,
                         fmt::format("cache {} has the tickets of {}, not of {}", opened.info.name,
                                     opened.info.client, client));
    }
    MULLION_ASSIGN(opened.info.tickets, tickets_in(context, opened.cache));
    return opened;
}

Result<void> check_times(const CacheInfo& info) {
    if (info.tickets.empty())
        return Error(ErrorId::kerberos_no_ticket, fmt::format("cache {} is empty", info.name));
    const auto last = std::max_element(info.tickets.begin(), info.tickets.end(),
                                       [](const auto& a, const auto& b) { return a.ends < b.ends; });
    if (last->ends > std::chrono::system_clock::now()) return {};
    return Error(ErrorId::kerberos_no_ticket,
                 fmt::format("cache {}: the ticket of {} expired at {:%Y-%m-%dT%H:%M:%SZ}", info.name,
                             info.client, fmt::gmtime(std::chrono::system_clock::to_time_t(last->ends))));
}

}  // namespace

Result<TicketCache> import_tickets(const Configuration& configuration, const std::string& cache,
                                   const std::string& client) {
    MULLION_ASSIGN(const auto opened, open(configuration, cache, client));
    MULLION_TRY(check_times(opened.info));
    MULLION_ASSIGN(auto state, copy_of(opened.info.name, configuration));
    return TicketCache(std::move(state));
}

Result<CacheInfo> look_at(const std::string& cache) {
    MULLION_ASSIGN(auto opened, open(Configuration{}, cache, ""));
    return std::move(opened.info);
}

Result<CacheInfo> destroy_tickets(const std::string& cache) {
    MULLION_ASSIGN(auto opened, open(Configuration{}, cache, ""));
    const auto& context = opened.context;
    const auto code = context->krb5_cc_destroy(context.get(), std::exchange(opened.cache, nullptr));
    if (code != 0)
        return context.error(ErrorId::kerberos_failed, "destroying cache " + opened.info.name, code);
    return std::move(opened.info);
}

}  // namespace mullion::kerberos
