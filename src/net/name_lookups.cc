#include "net/name_lookups.h"

#include <netdb.h>

#include <fmt/core.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace mullion::net {
namespace {

namespace asio = boost::asio;

using Addresses = Result<std::vector<SocketAddress>>;

std::vector<SocketAddress> taking_turns(const addrinfo* list) {
    std::vector<SocketAddress> first, second, merged;
    for (const auto* item = list; item != nullptr; item = item->ai_next) {
        if (item->ai_addrlen > sizeof(sockaddr_storage)) continue;
        SocketAddress address;
        std::memcpy(&address.storage, item->ai_addr, item->ai_addrlen);
        address.size = item->ai_addrlen;
        (first.empty() || first.front().family() == address.family() ? first : second).push_back(address);
    }
    for (std::size_t i = 0; i < first.size() || i < second.size(); ++i) {
        if (i < first.size()) merged.push_back(first[i]);
        if (i < second.size()) merged.push_back(second[i]);
    }
    return merged;
}

Addresses look_up(const std::string& name, int flags) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags;
    addrinfo* list = nullptr;
    const int code = getaddrinfo(name.c_str(), nullptr, &hints, &list);
    if (code != 0) {
        const int number = errno;
        const bool exhausted = code == EAI_SYSTEM && (number == EMFILE || number == ENFILE);
        const std::string reason = code == EAI_SYSTEM ? errno_text(number) : gai_strerror(code);
        return Error(exhausted ? ErrorId::net_descriptors : ErrorId::net_name,
                     fmt::format("looking up {}: {}", name, reason));
    }
    auto addresses = taking_turns(list);
    freeaddrinfo(list);
    return addresses;
}

// AI_ADDRCONFIG does not count loopback, so it would hide localhost on a machine without a network.
int flags_for(const std::string& name) {
    return name.ends_with("localhost") ? 0 : AI_ADDRCONFIG;
}

// Who waits for a name, on its I/O thread.
struct Waiter {
    explicit Waiter(const Executor& executor) : timer(executor) {}
    asio::steady_timer timer;
    std::optional<Addresses> result;
};

}  // namespace

// Shared with the look-ups, which may outlive everything else.
struct NameLookups::State {
    struct InFlight {
        std::vector<std::shared_ptr<Waiter>> waiters;
        bool begun = false;
    };

    // True: nobody else has asked for that name.
    [[nodiscard]] bool join(const std::string& name, const std::shared_ptr<Waiter>& waiter);
    void work(const std::string& name);
    // False: nobody waits for it any more.
    [[nodiscard]] bool begin(const std::string& name);
    void tell(const std::string& name, const Addresses& result);
    // Whether the look-up was begun when this one stopped waiting.
    [[nodiscard]] bool leave(const std::string& name, const std::shared_ptr<Waiter>& waiter);

    // Leaves, also when a coroutine ends with its io_context instead of being resumed.
    struct Membership {
        State& state;
        const std::string& name;
        const std::shared_ptr<Waiter>& waiter;
        ~Membership() { (void)state.leave(name, waiter); }
    };

    std::mutex mutex;
    std::map<std::string, InFlight, std::less<>> names;
};

bool NameLookups::State::join(const std::string& name, const std::shared_ptr<Waiter>& waiter) {
    const std::lock_guard lock(mutex);
    const auto [place, first] = names.try_emplace(name);
    place->second.waiters.push_back(waiter);
    return first;
}

bool NameLookups::State::begin(const std::string& name) {
    const std::lock_guard lock(mutex);
    const auto found = names.find(name);
    return found != names.end() && !std::exchange(found->second.begun, true);
}

void NameLookups::State::tell(const std::string& name, const Addresses& result) {
    // Under the lock: who is in the list still waits, so its I/O thread still runs.
    const std::lock_guard lock(mutex);
    const auto found = names.find(name);
    for (auto& waiter : found->second.waiters) {
        const auto executor = waiter->timer.get_executor();
        asio::post(executor, [waiter = std::move(waiter), result] {
            waiter->result = result;
            waiter->timer.cancel();
        });
    }
    names.erase(found);
}

void NameLookups::State::work(const std::string& name) {
    if (!begin(name)) return;
    tell(name, look_up(name, flags_for(name)));
}

bool NameLookups::State::leave(const std::string& name, const std::shared_ptr<Waiter>& waiter) {
    const std::lock_guard lock(mutex);
    const auto found = names.find(name);
    if (found == names.end()) return true;
    auto& waiters = found->second.waiters;
    waiters.erase(std::remove(waiters.begin(), waiters.end(), waiter), waiters.end());
    const bool begun = found->second.begun;
    if (waiters.empty() && !begun) names.erase(found);
    return begun;
}

NameLookups::NameLookups(unsigned most_at_a_time)
    : state_(std::make_shared<State>()), threads_(most_at_a_time) {}
NameLookups::~NameLookups() = default;

Task<Addresses> NameLookups::find(Executor executor, std::string name, MonotonicTime deadline) {
    const auto waiter = std::make_shared<Waiter>(executor);
    waiter->timer.expires_at(deadline);
    const auto state = state_;
    const State::Membership membership{*state, name, waiter};
    const bool first = state->join(name, waiter);
    if (first && !threads_.submit([state, name] { state->work(name); })) {
        co_return Error(ErrorId::net_name, fmt::format("looking up {}: there is no thread for it", name));
    }
    co_await waiter->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (waiter->result) co_return std::move(*waiter->result);
    const bool begun = state->leave(name, waiter);
    co_return Error(ErrorId::net_name,
                    fmt::format("looking up {}: no answer within the connect timeout{}", name,
                                begun ? "" : "; too many other names have no answer either"));
}

Result<std::vector<SocketAddress>> read_address(const std::string& text) {
    return look_up(text, AI_NUMERICHOST);
}

}  // namespace mullion::net
