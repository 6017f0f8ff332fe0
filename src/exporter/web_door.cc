#include "exporter/web_door.h"

#include <fmt/core.h>

#include <array>
#include <cstdint>
#include <utility>

#include "auth/basic.h"
#include "crypto/bcrypt.h"
#include "crypto/hash.h"
#include "crypto/password_hash.h"
#include "encoding/base64.h"

namespace mullion::exporter {
namespace {

constexpr unsigned most_waiting = 32;
constexpr std::size_t most_known = 256;
constexpr unsigned highest_cost = 14;  // About a second.
constexpr std::size_t key_bytes = 32;

constexpr std::string_view argon2 = "$argon2id$";
const std::string trial_hash = "$2b$04$abcdefghijklmnopqrstuud/8wwyW1wl/REsCurQmbAAfagvqIx6O";

// "user:password". RFC 7617 2: the scheme is without case.
std::optional<std::string> basic_token(std::string_view field) {
    constexpr std::string_view scheme = "Basic ";
    if (!http::same_without_case(field.substr(0, scheme.size()), scheme)) return std::nullopt;
    field.remove_prefix(scheme.size());
    return encoding::base64_decode(field);
}

bool fits(const std::string& hash, const Secret& password) {
    if (hash.starts_with(argon2)) return crypto::verify_password(hash, password);
    const auto right = crypto::verify_bcrypt(hash, password);
    return right.ok() && *right;
}

}  // namespace

std::string wrong_hash(std::string_view hash) {
    if (hash.starts_with(argon2)) return {};
    const auto cost = crypto::bcrypt_cost(hash);
    if (!cost) return "that is no bcrypt hash ($2b$10$…, as htpasswd -nBC 10 NAME makes it) and no Argon2id";
    if (*cost > highest_cost) return fmt::format("a cost over {} takes seconds for each check", highest_cost);
    // What cannot be checked here is said now, and not by the first scrape.
    const auto can = crypto::verify_bcrypt(trial_hash, Secret("trial"));
    if (!can.ok()) return can.error().detail;
    return {};
}

WebDoor::WebDoor(Random& random) {
    std::array<std::uint8_t, key_bytes> key = {};
    random.fill(key);
    key_ = Secret({reinterpret_cast<const char*>(key.data()), key.size()});
    wipe_memory(key.data(), key.size());
}

std::string WebDoor::fingerprint(std::string_view token, std::string_view hash) const {
    return crypto::hmac_sha256(key_.expose(), fmt::format("{}\n{}", hash, token));
}

net::Task<WebDoor::Verdict> WebDoor::check(WebUsers users, std::optional<std::string> authorization) {
    if (users.empty()) co_return Verdict::welcome;
    auto token = authorization ? basic_token(*authorization) : std::nullopt;
    if (authorization) wipe(*authorization);
    const auto said = token ? auth::parse_basic_token(*token) : std::nullopt;
    if (!said) co_return Verdict::stranger;
    const auto user = users.find(said->user);
    const bool is_known = user != users.end();
    // Somebody's hash, so that nobody hears by the time it takes which names there are.
    const std::string hash = is_known ? user->second : users.begin()->second;
    auto print = fingerprint(*token, hash);
    wipe(*token);
    if (is_known && known_.contains(print)) co_return Verdict::welcome;
    if (inside_ >= most_waiting) co_return Verdict::busy;
    ++inside_;
    const auto verify = [&hash, &said] { return fits(hash, said->password); };
    auto verifying = worker_.run(verify);
    const bool right = co_await std::move(verifying);
    --inside_;
    if (!right || !is_known) co_return Verdict::stranger;
    if (known_.size() >= most_known) known_.clear();
    known_.insert(std::move(print));
    co_return Verdict::welcome;
}

}  // namespace mullion::exporter
