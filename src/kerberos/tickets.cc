#include "kerberos/tickets.h"

#include <array>
#include <cstdint>
#include <utility>

#include "kerberos/ticket_state.h"

namespace mullion::kerberos {
namespace {

using Time = std::chrono::system_clock::time_point;

// Times are 32 bits without a sign: until 2106.
Time time_of(krb5_timestamp time) {
    return Time(std::chrono::seconds(static_cast<std::uint32_t>(time)));
}

// Letters of klist(1).
std::string flags_of(krb5_flags flags) {
    constexpr std::array<std::pair<krb5_flags, char>, 12> letters{{{TKT_FLG_FORWARDABLE, 'F'},
                                                                   {TKT_FLG_FORWARDED, 'f'},
                                                                   {TKT_FLG_PROXIABLE, 'P'},
                                                                   {TKT_FLG_PROXY, 'p'},
                                                                   {TKT_FLG_MAY_POSTDATE, 'D'},
                                                                   {TKT_FLG_POSTDATED, 'd'},
                                                                   {TKT_FLG_RENEWABLE, 'R'},
                                                                   {TKT_FLG_INITIAL, 'I'},
                                                                   {TKT_FLG_INVALID, 'i'},
                                                                   {TKT_FLG_PRE_AUTH, 'A'},
                                                                   {TKT_FLG_TRANSIT_POLICY_CHECKED, 'T'},
                                                                   {TKT_FLG_OK_AS_DELEGATE, 'O'}}};
    std::string text;
    for (const auto& [flag, letter] : letters) {
        if ((flags & flag) != 0) text += letter;
    }
    return text;
}

std::string encryption_of(const Context& context, krb5_enctype type) {
    std::array<char, 64> name{};
    if (context->krb5_enctype_to_name(type, 0, name.data(), name.size()) != 0) return std::to_string(type);
    return name.data();
}

Result<TicketInfo> info_of(const Context& context, const krb5_creds& ticket) {
    TicketInfo info;
    MULLION_ASSIGN(info.client, text_of(context, ticket.client));
    MULLION_ASSIGN(info.server, text_of(context, ticket.server));
    const auto& times = ticket.times;
    info.begins = time_of(times.starttime != 0 ? times.starttime : times.authtime);
    info.ends = time_of(times.endtime);
    if ((ticket.ticket_flags & TKT_FLG_RENEWABLE) != 0) info.renewable_until = time_of(times.renew_till);
    info.flags = flags_of(ticket.ticket_flags);
    info.encryption = encryption_of(context, ticket.keyblock.enctype);
    return info;
}

}  // namespace

Result<std::vector<TicketInfo>> tickets_in(const Context& context, krb5_ccache cache) {
    std::vector<TicketInfo> found;
    krb5_cc_cursor cursor = nullptr;
    auto code = context->krb5_cc_start_seq_get(context.get(), cache, &cursor);
    if (code != 0) return context.error(ErrorId::kerberos_failed, "reading tickets", code);
    Result<void> outcome;
    while (outcome.ok()) {
        Credentials ticket(context.get());
        code = context->krb5_cc_next_cred(context.get(), cache, &cursor, &ticket.value);
        if (code != 0) break;
        // Entries of configuration look like tickets.
        if (context->krb5_is_config_principal(context.get(), ticket.value.server) != 0) continue;
        auto info = info_of(context, ticket.value);
        if (info) {
            found.push_back(std::move(*info));
        } else {
            outcome = std::move(info).error();
        }
    }
    (void)context->krb5_cc_end_seq_get(context.get(), cache, &cursor);
    MULLION_TRY(outcome);
    if (code != KRB5_CC_END) return context.error(ErrorId::kerberos_failed, "reading tickets", code);
    return found;
}

Result<void> make_cache(TicketCache::State& state, krb5_const_principal client) {
    const auto& own = state.context;
    auto code = own->krb5_cc_new_unique(own.get(), "MEMORY", nullptr, &state.cache);
    // Its prototype is older than const.
    if (code == 0) code = own->krb5_cc_initialize(own.get(), state.cache, const_cast<krb5_principal>(client));
    Owned<char*, &Library::krb5_free_string> name(own.get());
    if (code == 0) code = own->krb5_cc_get_full_name(own.get(), state.cache, name.put());
    if (code != 0) return own.error(ErrorId::kerberos_failed, "making a cache in memory", code);
    state.name = name.get();
    MULLION_ASSIGN(state.client, text_of(own, client));
    return {};
}

Result<std::unique_ptr<TicketCache::State>> copy_of(const std::string& cache,
                                                    const Configuration& configuration) {
    MULLION_ASSIGN(auto made, Context::make(configuration));
    auto state = std::make_unique<TicketCache::State>(std::move(made));
    const auto& context = state->context;
    // Opened by its name in the copy's own context: with it comes the difference to the KDC's clock.
    Owned<krb5_ccache, &Library::krb5_cc_close> source(context.get());
    Principal client(context.get());
    auto code = context->krb5_cc_resolve(context.get(), cache.c_str(), source.put());
    if (code == 0) code = context->krb5_cc_get_principal(context.get(), source.get(), client.put());
    if (code != 0) return context.error(ErrorId::kerberos_failed, "copying tickets", code);
    MULLION_TRY(make_cache(*state, client.get()));
    code = context->krb5_cc_copy_creds(context.get(), source.get(), state->cache);
    if (code != 0) return context.error(ErrorId::kerberos_failed, "copying tickets", code);
    return state;
}

TicketCache::TicketCache(std::unique_ptr<State> state) : state_(std::move(state)) {}
TicketCache::TicketCache(TicketCache&&) noexcept = default;
TicketCache& TicketCache::operator=(TicketCache&&) noexcept = default;
TicketCache::~TicketCache() = default;

const std::string& TicketCache::name() const {
    return state_->name;
}

const std::string& TicketCache::client() const {
    return state_->client;
}

Result<TicketCache> TicketCache::clone() const {
    MULLION_ASSIGN(auto state, copy_of(state_->name, Configuration{}));
    return TicketCache(std::move(state));
}

Result<std::vector<TicketInfo>> TicketCache::list() const {
    return tickets_in(state_->context, state_->cache);
}

}  // namespace mullion::kerberos
