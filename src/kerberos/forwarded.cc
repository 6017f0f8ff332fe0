#include "kerberos/forwarded.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "kerberos/ticket_state.h"

namespace mullion::kerberos {
namespace {

// Freed after it was wiped: a session key is in it.
class Marshalled {
public:
    explicit Marshalled(krb5_context context) : context_(context) {}
    Marshalled(const Marshalled&) = delete;
    Marshalled& operator=(const Marshalled&) = delete;
    ~Marshalled() {
        if (data_ == nullptr) return;
        wipe_memory(data_->data, data_->length);
        loaded_library().krb5_free_data(context_, data_);
    }
    [[nodiscard]] krb5_data** put() { return &data_; }
    [[nodiscard]] std::string_view bytes() const { return {data_->data, data_->length}; }

private:
    krb5_context context_;
    krb5_data* data_ = nullptr;
};

std::optional<std::uint32_t> take_number(std::string_view& rest) {
    if (rest.size() < 4) return std::nullopt;
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i)
        value = (value << 8) | static_cast<unsigned char>(rest[static_cast<size_t>(i)]);
    rest.remove_prefix(4);
    return value;
}

// The client's principal, with which a marshalled ticket begins (MIT's file format, version 4): its type, how
// many components it has, the realm, the components.
std::optional<std::string_view> leading_principal(std::string_view ticket) {
    std::string_view rest = ticket;
    const auto type = take_number(rest);
    const auto components = type ? take_number(rest) : std::nullopt;
    if (!components || *components > rest.size()) return std::nullopt;
    for (std::uint32_t i = 0; i <= *components; ++i) {
        const auto size = take_number(rest);
        if (!size || *size > rest.size()) return std::nullopt;
        rest.remove_prefix(*size);
    }
    return ticket.substr(0, ticket.size() - rest.size());
}

bool grants_tickets(const krb5_creds& ticket) {
    constexpr std::string_view granting = "krbtgt";
    return ticket.server->length == 2 && text_of(ticket.server->data[0]) == granting;
}

Result<auth::ForwardedTicket> marshal(const Context& context, krb5_creds& ticket) {
    Marshalled whole(context.get());
    if (const auto code = context->krb5_marshal_credentials(context.get(), &ticket, whole.put()); code != 0)
        return context.error(ErrorId::kerberos_failed, "writing a forwarded ticket", code);
    const auto client = leading_principal(whole.bytes());
    if (!client) return Error(ErrorId::kerberos_failed, "a forwarded ticket without a client");
    MULLION_ASSIGN(std::string server, text_of(context, ticket.server));
    return auth::ForwardedTicket{std::string(*client), std::move(server), Secret(whole.bytes())};
}

// A KRB-CRED has one ticket in practice, and could have more (RFC 4120 5.8.1).
Result<auth::ForwardedTicket> find_granting(const Context& context, krb5_ccache cache) {
    krb5_cc_cursor cursor = nullptr;
    const auto code = context->krb5_cc_start_seq_get(context.get(), cache, &cursor);
    if (code != 0) return context.error(ErrorId::kerberos_failed, "reading forwarded tickets", code);
    Result<auth::ForwardedTicket> found =
        Error(ErrorId::kerberos_failed, "no ticket-granting ticket was forwarded");
    while (!found.ok()) {
        Credentials ticket(context.get());
        if (context->krb5_cc_next_cred(context.get(), cache, &cursor, &ticket.value) != 0) break;
        if (!grants_tickets(ticket.value)) continue;
        found = marshal(context, ticket.value);
        if (!found.ok()) break;
    }
    (void)context->krb5_cc_end_seq_get(context.get(), cache, &cursor);
    return found;
}

}  // namespace

Result<auth::ForwardedTicket> take_forwarded(const GssCredential& credential, const std::string& client) {
    MULLION_ASSIGN(auto context, Context::make(Configuration{}));
    TicketCache::State state(std::move(context));
    Principal principal(state.context.get());
    const auto code = state.context->krb5_parse_name(state.context.get(), client.c_str(), principal.put());
    if (code != 0)
        return state.context.error(ErrorId::kerberos_failed, "reading the name of " + client, code);
    MULLION_TRY(make_cache(state, principal.get()));
    GssStatus status;
    status.major = loaded_library().gss_krb5_copy_ccache(&status.minor, credential.get(), state.cache);
    if (status.failed())
        return Error(ErrorId::kerberos_failed, "taking a forwarded ticket: " + status.text());
    return find_granting(state.context, state.cache);
}

}  // namespace mullion::kerberos
