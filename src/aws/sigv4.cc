#include "aws/sigv4.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "aws/moment.h"
#include "crypto/hash.h"
#include "encoding/hex.h"
#include "http/syntax.h"

namespace mullion::aws {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

bool is_unreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

// RFC 3986 2.1, everything but the unreserved and what `also` names.
std::string encoded(std::string_view text, std::string_view also) {
    std::string out;
    for (const char c : text) {
        if (is_unreserved(c) || also.find(c) != std::string_view::npos)
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto found = text.find(at);
        parts.push_back(text.substr(0, found));
        if (found == std::string_view::npos) return parts;
        text.remove_prefix(found + 1);
    }
}

// Without "." and "..", and each slash once.
std::string normalized(std::string_view path) {
    std::vector<std::string_view> kept;
    bool folder = true;  // A slash stands at the end.
    for (const auto segment : split(path, '/')) {
        folder = segment.empty() || segment == "." || segment == "..";
        if (segment == "..") {
            if (!kept.empty()) kept.pop_back();
        } else if (!folder) {
            kept.push_back(segment);
        }
    }
    std::string out;
    for (const auto segment : kept) (out += '/') += segment;
    if (folder || out.empty()) out += '/';
    return out;
}

// Sorted by name, then value; what is encoded already stays so.
std::string canonical_query(std::string_view query) {
    if (query.empty()) return {};
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto part : split(query, '&')) {
        const auto equals = std::min(part.find('='), part.size());
        const auto value = part.substr(std::min(equals + 1, part.size()));
        pairs.emplace_back(encoded(part.substr(0, equals), "%"), encoded(value, "%"));
    }
    std::sort(pairs.begin(), pairs.end());
    std::string out;
    for (const auto& [name, value] : pairs)
        out += fmt::format("{}{}={}", out.empty() ? "" : "&", name, value);
    return out;
}

// White space off both ends, and one blank for any in between.
void append_trimmed(std::string& out, std::string_view value) {
    bool gap = false;
    const auto begin = out.size();
    for (const char c : value) {
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            gap = true;
            continue;
        }
        if (gap && out.size() > begin) out += ' ';
        gap = false;
        out += c;
    }
}

std::string day_of(WallTime at) {
    return basic_moment(at).substr(0, 8);
}

std::string scope_text(const SigningScope& scope, WallTime at) {
    return fmt::format("{}/{}/{}/aws4_request", day_of(at), scope.region, scope.service);
}

// kSigning: each step's key is wiped once the next is made.
std::string signature_of(const Secret& secret_key, const SigningScope& scope, WallTime at,
                         std::string_view text) {
    std::string key;
    key.reserve(4 + secret_key.expose().size());
    (key += "AWS4") += secret_key.expose();
    const auto day = day_of(at);
    for (const std::string_view step :
         std::initializer_list<std::string_view>{day, scope.region, scope.service, "aws4_request"}) {
        auto next = crypto::hmac_sha256(key, step);
        wipe(key);
        key = std::move(next);
        wipe(next);
    }
    auto made = encoding::to_hex(crypto::hmac_sha256(key, text));
    wipe(key);
    return made;
}

}  // namespace

CanonicalRequest canonical_request(const SignedParts& parts) {
    const auto question = std::min(parts.target.find('?'), parts.target.size());
    const auto path = parts.target.substr(0, question);
    const auto query = parts.target.substr(std::min(question + 1, parts.target.size()));

    std::map<std::string, std::vector<std::string_view>> fields;
    std::size_t size = parts.target.size() * 3 + 256;
    for (const auto& [name, value] : parts.headers) {
        fields[http::lower(name)].push_back(value);
        size += 2 * name.size() + value.size() + 4;
    }
    CanonicalRequest made;
    made.text.reserve(size);  // It may hold a session token: nothing is left behind by growing.
    made.text += parts.method;
    made.text += '\n';
    made.text += encoded(parts.normalize ? normalized(path) : std::string(path), "/");
    made.text += '\n';
    made.text += canonical_query(query);
    made.text += '\n';
    for (const auto& [name, values] : fields) {
        made.text += name;
        char before = ':';
        for (const auto value : values) {
            made.text += before;
            append_trimmed(made.text, value);
            before = ',';
        }
        made.text += '\n';
        if (!made.signed_headers.empty()) made.signed_headers += ';';
        made.signed_headers += name;
    }
    made.text += '\n';
    made.text += made.signed_headers;
    made.text += '\n';
    made.text += encoding::to_hex(crypto::sha256(parts.body));
    return made;
}

std::string string_to_sign(std::string_view canonical, const SigningScope& scope, WallTime at) {
    return fmt::format("{}\n{}\n{}\n{}", algorithm, basic_moment(at), scope_text(scope, at),
                       encoding::to_hex(crypto::sha256(canonical)));
}

std::string authorization(const CanonicalRequest& canonical, const Credentials& credentials,
                          const SigningScope& scope, WallTime at) {
    const auto text = string_to_sign(canonical.text, scope, at);
    return fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", algorithm,
                       credentials.access_key.expose(), scope_text(scope, at), canonical.signed_headers,
                       signature_of(credentials.secret_key, scope, at, text));
}

void sign(HttpRequest& request, const Credentials& credentials, const SigningScope& scope, WallTime at) {
    request.headers.push_back({"X-Amz-Date", basic_moment(at)});
    SignedParts parts{request.method, request.target, request.headers, request.body.expose()};
    parts.headers.push_back({"Host", request.endpoint.host_field()});
    if (credentials.temporary()) {
        request.secret_headers.push_back({"X-Amz-Security-Token", credentials.session_token.clone()});
        parts.headers.push_back({"X-Amz-Security-Token", std::string(credentials.session_token.expose())});
    }
    auto canonical = canonical_request(parts);
    auto field = authorization(canonical, credentials, scope, at);
    request.secret_headers.push_back({"Authorization", Secret(field)});
    wipe(field);
    wipe(canonical.text);
    if (credentials.temporary()) wipe(parts.headers.back().value);
}

}  // namespace mullion::aws
