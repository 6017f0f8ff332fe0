#include "http/challenge.h"

#include "core/secret.h"
#include "encoding/base64.h"
#include "http/syntax.h"

namespace mullion::http {
namespace {

constexpr std::size_t max_offers = 32;
constexpr std::size_t max_parameters = 16;
constexpr std::size_t max_token68 = 64 * 1024;

// True at the end of an offer: at a comma or the end of the field.
bool at_stop(FieldReader reader) {
    reader.skip_blanks();
    return reader.at_end() || reader.peek() == ',';
}

void skip_commas(FieldReader& reader) {
    do reader.skip_blanks();
    while (reader.skip(','));
}

// Past a malformed offer, to the next comma outside of quotes. Where quotes do not close, nobody knows what
// the rest of the field is.
void skip_offer(FieldReader& reader) {
    while (!reader.at_end() && reader.peek() != ',') {
        if (reader.peek() != '"') {
            reader.skip(reader.peek());
        } else if (!reader.quoted_string()) {
            reader = FieldReader(std::string_view());
        }
    }
}

// "name=", the start of a parameter: what tells "realm=x" from the next offer's "Negotiate".
bool at_parameter(FieldReader reader) {
    const bool named = !reader.token().empty();
    reader.skip_blanks();
    return named && reader.peek() == '=';
}

bool read_parameter(FieldReader& reader, Challenge& challenge) {
    const std::string name(reader.token());
    reader.skip_blanks();
    if (name.empty() || !reader.skip('=')) return false;
    reader.skip_blanks();
    std::optional<std::string> value = reader.quoted_string();
    if (!value) value = std::string(reader.token());
    const bool quoted_or_token = !value->empty() || at_stop(reader);
    if (!quoted_or_token || !at_stop(reader) || challenge.parameters.size() == max_parameters) return false;
    challenge.parameters.emplace_back(name, *std::move(value));
    return true;
}

bool read_token68(FieldReader& reader, Challenge& challenge) {
    FieldReader ahead = reader;
    const auto text = ahead.token68();
    if (text.empty() || !at_stop(ahead)) return false;
    reader = ahead;
    if (text.size() > max_token68) return false;
    auto token = encoding::base64_decode(text);
    if (!token) return false;
    challenge.token = *std::move(token);
    return true;
}

// One offer; nothing when it is malformed.
std::optional<Challenge> read_challenge(FieldReader& reader) {
    Challenge challenge;
    challenge.scheme = reader.token();
    if (challenge.scheme.empty()) return std::nullopt;
    if (at_stop(reader)) return challenge;
    if (!reader.skip_blanks()) return std::nullopt;
    if (!at_parameter(reader)) {
        if (!read_token68(reader, challenge)) return std::nullopt;
        return challenge;
    }
    // "abc=" looks like a parameter without its value: it is a token68 that ends in padding.
    if (read_token68(reader, challenge)) return challenge;
    for (;;) {
        if (!read_parameter(reader, challenge)) return std::nullopt;
        FieldReader ahead = reader;
        skip_commas(ahead);
        if (ahead.at_end() || !at_parameter(ahead)) return challenge;
        reader = ahead;
    }
}

}  // namespace

std::vector<Challenge> parse_challenges(const Headers& headers) {
    std::vector<Challenge> offers;
    for (const auto field : headers.all("WWW-Authenticate")) {
        FieldReader reader(field);
        for (skip_commas(reader); !reader.at_end(); skip_commas(reader)) {
            if (offers.size() == max_offers) return offers;
            auto challenge = read_challenge(reader);
            if (challenge && at_stop(reader)) {
                offers.push_back(*std::move(challenge));
            } else {
                skip_offer(reader);
            }
        }
    }
    return offers;
}

std::optional<Credentials> parse_authorization(const Headers& headers) {
    const auto fields = headers.all("Authorization");
    if (fields.size() != 1) return std::nullopt;
    FieldReader reader(trim(fields.front()));
    Credentials credentials;
    credentials.scheme = reader.token();
    if (credentials.scheme.empty()) return std::nullopt;
    if (reader.at_end()) return credentials;
    if (!reader.skip_blanks()) return std::nullopt;
    const auto text = reader.token68();
    if (text.empty() || !reader.at_end() || text.size() > max_token68) return std::nullopt;
    auto token = encoding::base64_decode(text);
    if (!token) return std::nullopt;
    credentials.token = *std::move(token);
    return credentials;
}

std::string credentials_field(std::string_view scheme, std::string_view token) {
    std::string text = token.empty() ? std::string() : encoding::base64_encode(token);
    std::string field;
    field.reserve(scheme.size() + 1 + text.size());
    field.append(scheme);
    if (!text.empty()) field.append(" ").append(text);
    wipe(text);  // Of Basic it is the password.
    return field;
}

}  // namespace mullion::http
