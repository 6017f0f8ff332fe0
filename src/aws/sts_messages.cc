#include "aws/sts_messages.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "aws/lift.h"
#include "aws/moment.h"
#include "core/printable.h"
#include "xml/document.h"

namespace mullion::aws {
namespace {

constexpr std::size_t most_text = 2048;

Error wrong(std::string_view what) {
    return Error(ErrorId::aws_answer, std::string(what));
}

// STS's [\w+=,.@-], \w of ASCII.
bool is_session_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_+=,.@-").find(c) != std::string_view::npos;
}

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

// application/x-www-form-urlencoded with everything else as %XX. Room for all of it is made ahead.
class Form {
public:
    explicit Form(std::size_t values) { text_.reserve(3 * values + 512); }
    ~Form() { wipe(text_); }
    Form(const Form&) = delete;
    Form& operator=(const Form&) = delete;

    void add(std::string_view name, std::string_view value) {
        if (!text_.empty()) text_ += '&';
        text_ += name;
        text_ += '=';
        for (const char c : value) {
            if (is_unreserved(c)) {
                text_ += c;
                continue;
            }
            constexpr std::string_view digits = "0123456789ABCDEF";
            text_ += '%';
            text_ += digits[static_cast<unsigned char>(c) >> 4];
            text_ += digits[static_cast<unsigned char>(c) & 15];
        }
    }
    [[nodiscard]] Secret secret() const { return Secret(text_); }

private:
    std::string text_;
};

void add_operation(Form& form, std::string_view action) {
    form.add("Action", action);
    form.add("Version", "2011-06-15");
}

void add_role(Form& form, const AssumeRole& asked) {
    form.add("RoleArn", asked.role_arn);
    form.add("RoleSessionName", asked.session);
    form.add("DurationSeconds", std::to_string(asked.seconds));
}

std::size_t size_of(const AssumeRole& asked) {
    return asked.role_arn.size() + asked.session.size() + asked.external_id.size() + 16;
}

Result<xml::Document> parse_answer(std::string_view text) {
    xml::Limits limits;
    limits.bytes = 64 * 1024;
    limits.depth = 16;
    auto document = xml::Document::parse(text, limits);
    if (!document.ok()) return wrong("STS's answer: " + document.error().detail);
    return document;
}

// <XResponse><XResult>…: whatever X is.
xml::Element result_of(const xml::Document& document, std::string_view operation) {
    const auto root = document.root();
    if (root.local() != fmt::format("{}Response", operation)) return {};
    return root.first(root.space(), fmt::format("{}Result", operation));
}

Result<std::string> text_of(xml::Element parent, std::string_view name) {
    const auto child = parent.first(parent.space(), name);
    auto text = child.trimmed();
    if (text.empty() || text.size() > most_text || one_line(text) != text)
        return wrong(fmt::format("STS's answer: {} is missing or no name", name));
    return text;
}

bool is_token(const Secret& secret) {
    const auto text = secret.expose();
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

// What is signed with goes into a header: printable ASCII, without blanks.
Result<Credentials> checked(Credentials made) {
    if (!is_token(made.access_key) || !is_token(made.secret_key) || !is_token(made.session_token))
        return wrong("the credentials lack a key or the token, or one has foreign characters");
    return made;
}

}  // namespace

Result<void> check(const AssumeRole& asked) {
    const auto invalid = [](std::string what) { return Error(ErrorId::secrets_invalid, std::move(what)); };
    if (asked.session.size() < 2 || asked.session.size() > 64 ||
        !std::all_of(asked.session.begin(), asked.session.end(), is_session_character))
        return invalid("the session's name has 2 to 64 letters, digits and _+=,.@-");
    if (asked.seconds < 900 || asked.seconds > 43200)
        return invalid(fmt::format("a role is assumed for 900 to 43200 seconds, not {}", asked.seconds));
    const auto good = [](char c) { return is_session_character(c) || c == ':' || c == '/'; };
    if (!asked.external_id.empty() &&
        (asked.external_id.size() < 2 || asked.external_id.size() > 1224 ||
         !std::all_of(asked.external_id.begin(), asked.external_id.end(), good)))
        return invalid("an external id has 2 to 1224 letters, digits and _+=,.@:/-");
    return {};
}

Secret assume_role_form(const AssumeRole& asked) {
    Form form(size_of(asked));
    add_operation(form, "AssumeRole");
    add_role(form, asked);
    if (!asked.external_id.empty()) form.add("ExternalId", asked.external_id);
    return form.secret();
}

Secret web_identity_form(const AssumeRole& asked, const Secret& token) {
    Form form(size_of(asked) + token.expose().size());
    add_operation(form, "AssumeRoleWithWebIdentity");
    add_role(form, asked);
    form.add("WebIdentityToken", token.expose());
    return form.secret();
}

std::string caller_identity_form() {
    return "Action=GetCallerIdentity&Version=2011-06-15";
}

std::string session_name(std::string_view delegate) {
    std::string name = "mullion-";
    for (const char c : delegate) name += is_session_character(c) ? c : '-';
    return name.substr(0, 64);
}

Result<Credentials> read_assumed_role(std::string_view body) {
    MULLION_ASSIGN(auto lifted, lift_xml(body, {"AccessKeyId", "SecretAccessKey", "SessionToken"}));
    MULLION_ASSIGN(const auto document, parse_answer(lifted.rest));
    auto result = result_of(document, "AssumeRole");
    if (!result) result = result_of(document, "AssumeRoleWithWebIdentity");
    const auto credentials = result.first(result.space(), "Credentials");
    // What was lifted stood where it should, and not in a comment.
    for (const auto* const name : {"AccessKeyId", "SecretAccessKey", "SessionToken"})
        if (!credentials.first(credentials.space(), name))
            return wrong(fmt::format("STS's answer: {} is missing", name));
    Credentials made;
    made.access_key = lifted.take("AccessKeyId");
    made.secret_key = lifted.take("SecretAccessKey");
    made.session_token = lifted.take("SessionToken");
    MULLION_ASSIGN(const auto expires, text_of(credentials, "Expiration"));
    made.expires = parse_moment(expires);
    if (!made.expires) return wrong("STS's answer: Expiration is no time");
    MULLION_ASSIGN(made.caller, text_of(result.first(result.space(), "AssumedRoleUser"), "Arn"));
    made.role_session = true;
    return checked(std::move(made));
}

Result<CallerIdentity> read_caller_identity(std::string_view body) {
    MULLION_ASSIGN(const auto document, parse_answer(body));
    const auto result = result_of(document, "GetCallerIdentity");
    CallerIdentity identity;
    MULLION_ASSIGN(identity.arn, text_of(result, "Arn"));
    MULLION_ASSIGN(identity.account, text_of(result, "Account"));
    MULLION_ASSIGN(identity.user_id, text_of(result, "UserId"));
    return identity;
}

Result<Credentials> read_metadata_credentials(std::string_view body) {
    MULLION_ASSIGN(auto lifted, lift_json(body, {"AccessKeyId", "SecretAccessKey", "Token"}));
    const auto json = nlohmann::json::parse(lifted.rest, nullptr, false);
    if (!json.is_object()) return wrong("the metadata service's answer is no JSON object");
    const auto text = [&](const char* name) {
        const auto found = json.find(name);
        return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    if (const auto code = text("Code"); !code.empty() && code != "Success") {
        return wrong(fmt::format("the metadata service says {} {}", one_line(code.substr(0, 100)),
                                 one_line(text("Message").substr(0, 300))));
    }
    Credentials made;
    made.access_key = lifted.take("AccessKeyId");
    made.secret_key = lifted.take("SecretAccessKey");
    made.session_token = lifted.take("Token");
    made.expires = parse_moment(text("Expiration"));
    if (!made.expires) return wrong("the metadata service's answer has no Expiration");
    made.role_session = true;
    return checked(std::move(made));
}

}  // namespace mullion::aws
