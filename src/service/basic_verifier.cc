#include "service/basic_verifier.h"

#include <array>

#include "auth/basic.h"
#include "crypto/hash.h"

namespace mullion::service {
namespace {

Secret random_key(Random& random) {
    std::array<std::uint8_t, 32> bytes{};
    random.fill(bytes);
    Secret key(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    wipe_memory(bytes.data(), bytes.size());
    return key;
}

// Counts who is in the queue, also when a coroutine is destroyed in it.
class Place {
public:
    explicit Place(std::atomic<unsigned>& inside) : inside_(inside), number_(inside_.fetch_add(1)) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { inside_.fetch_sub(1); }
    [[nodiscard]] unsigned before() const { return number_; }

private:
    std::atomic<unsigned>& inside_;
    unsigned number_;
};

}  // namespace

ArgonVerifier::ArgonVerifier(auth::AccountLookup& accounts, Random& random)
    : accounts_(accounts), key_(random_key(random)) {}

net::Task<Result<auth::Identity>> ArgonVerifier::verify(std::string token) {
    const Place place(inside_);
    if (place.before() >= at_a_time + most_waiting)
        co_return Error{ErrorId::http_busy, "too many passwords are being checked"};
    const Secret held(token);
    wipe(token);
    auto job = [this, &held] { return auth::verify_basic(held.expose(), accounts_); };
    auto task = workers_.run(job);
    co_return co_await std::move(task);
}

std::string ArgonVerifier::fingerprint(std::string_view token) const {
    return crypto::hmac_sha256(key_.expose(), token);
}

}  // namespace mullion::service
