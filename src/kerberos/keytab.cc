#include "kerberos/keytab.h"

#include <algorithm>
#include <array>

#include "encoding/der.h"
#include "kerberos/initiator.h"
#include "kerberos/library.h"

namespace mullion::kerberos {
namespace {

constexpr Duration usual_skew = std::chrono::minutes(5);

struct Session {
    explicit Session(const Library& table) : api(table) { failed = api.krb5_init_context(&context); }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session() {
        if (context != nullptr) api.krb5_free_context(context);
    }
    const Library& api;
    krb5_context context = nullptr;
    krb5_error_code failed = 0;
};

void add_once(std::vector<std::string>& list, std::string text) {
    if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(std::move(text));
}

void add_entry(const Session& session, krb5_const_principal principal, KeytabContents& contents) {
    char* name = nullptr;
    if (session.api.krb5_unparse_name(session.context, principal, &name) != 0) return;
    add_once(contents.principals, name);
    session.api.krb5_free_unparsed_name(session.context, name);
    add_once(contents.realms, std::string(principal->realm.data, principal->realm.length));
}

krb5_error_code read_entries(const Session& session, krb5_keytab keytab, KeytabContents& contents) {
    krb5_kt_cursor cursor{};
    if (const auto code = session.api.krb5_kt_start_seq_get(session.context, keytab, &cursor); code != 0)
        return code;
    krb5_keytab_entry entry{};
    krb5_error_code code = 0;
    while ((code = session.api.krb5_kt_next_entry(session.context, keytab, &entry, &cursor)) == 0) {
        add_entry(session, entry.principal, contents);
        session.api.krb5_free_keytab_entry_contents(session.context, &entry);
    }
    session.api.krb5_kt_end_seq_get(session.context, keytab, &cursor);
    return code == KRB5_KT_END ? 0 : code;
}

// RFC 4120 7.5.9. What the library found, as the client is told.
std::int32_t code_for_client(std::int32_t code) {
    switch (code) {
        case KRB5KRB_AP_ERR_SKEW:
        case KRB5KRB_AP_ERR_TKT_EXPIRED:
        case KRB5KRB_AP_ERR_TKT_NYV:
        case KRB5KRB_AP_ERR_MODIFIED:
        case KRB5KRB_AP_ERR_BADKEYVER:
        case KRB5KRB_AP_ERR_NOT_US:
            return code;
        case KRB5KRB_AP_ERR_BAD_INTEGRITY:
            return KRB5KRB_AP_ERR_MODIFIED;
        case KRB5KRB_AP_WRONG_PRINC:
        case KRB5_KT_NOTFOUND:
        case KRB5KRB_AP_ERR_NOKEY:
        case KRB5_KT_KVNONOTFOUND:
            return KRB5KRB_AP_ERR_MODIFIED;  // As Windows says it: the ticket is of a key that is not here.
        default:
            return 0;
    }
}

}  // namespace

Result<KeytabContents> read_keytab(const std::string& file) {
    MULLION_ASSIGN(const Library* const api, library());
    const Session session(*api);
    const auto error = [&](krb5_error_code code) {
        return Error(ErrorId::kerberos_keytab, file + ": " + message_of(*api, session.context, code));
    };
    if (session.failed != 0) return error(session.failed);
    krb5_keytab keytab = nullptr;
    if (const auto code = api->krb5_kt_resolve(session.context, ("FILE:" + file).c_str(), &keytab); code != 0)
        return error(code);
    KeytabContents contents;
    const auto code = read_entries(session, keytab, contents);
    api->krb5_kt_close(session.context, keytab);
    if (code != 0) return error(code);
    if (std::none_of(contents.principals.begin(), contents.principals.end(), is_our_service))
        return Error(ErrorId::kerberos_keytab, file + ": no key of HTTP/, host/ or WSMAN/ is in it");
    return contents;
}

bool is_our_service(std::string_view principal) {
    static constexpr std::array<std::string_view, 3> services{"http", "host", "wsman"};
    std::string service(principal.substr(0, principal.find('/')));
    for (char& c : service) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    return service.size() < principal.size() &&
           std::find(services.begin(), services.end(), service) != services.end();
}

Duration clock_skew() {
    const auto api = library();
    if (!api.ok()) return usual_skew;
    const Session session(**api);
    profile_t profile = nullptr;
    if (session.failed != 0 || (*api)->krb5_get_profile(session.context, &profile) != 0) return usual_skew;
    std::array<const char*, 3> name{"libdefaults", "clockskew", nullptr};
    char** values = nullptr;
    Duration skew = usual_skew;
    if ((*api)->profile_get_values(profile, name.data(), &values) == 0) {
        krb5_deltat seconds = 0;
        if ((*api)->krb5_string_to_deltat(values[0], &seconds) == 0 && seconds > 0)
            skew = std::chrono::seconds(seconds);
        (*api)->profile_free_list(values);
    }
    (*api)->profile_release(profile);
    return skew;
}

std::string error_token(std::int32_t code, const std::string& server) {
    const std::int32_t told = code_for_client(code);
    const auto api = library();
    if (told == 0 || !api.ok()) return {};
    const Session session(**api);
    krb5_error error{};
    error.magic = KV5M_ERROR;
    error.error = static_cast<krb5_ui_4>(told - ERROR_TABLE_BASE_krb5);
    if (session.failed != 0 || (*api)->krb5_us_timeofday(session.context, &error.stime, &error.susec) != 0 ||
        (*api)->krb5_parse_name(session.context, server.c_str(), &error.server) != 0)
        return {};
    krb5_data message{};
    const bool made = (*api)->krb5_mk_error(session.context, &error, &message) == 0;
    (*api)->krb5_free_principal(session.context, error.server);
    if (!made) return {};
    std::string content = encoding::der_element(0x06, oid);
    content.append("\x03\x00", 2).append(message.data, message.length);
    (*api)->krb5_free_data_contents(session.context, &message);
    return encoding::der_element(0x60, content);
}

}  // namespace mullion::kerberos
