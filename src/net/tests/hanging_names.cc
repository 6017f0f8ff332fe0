#include "net/tests/hanging_names.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>

#include <condition_variable>
#include <map>
#include <mutex>

namespace mullion::net::testing {
namespace {

// Never destroyed: look-ups outlive the tests that gave them up.
struct Server {
    std::mutex mutex;
    std::condition_variable news;
    std::map<std::string, int> asked;
    int hanging = 0;
    bool open = true;
};
Server& server() {
    static auto* const one = new Server;
    return *one;
}

int hang() {
    auto& names = server();
    std::unique_lock lock(names.mutex);
    ++names.hanging;
    names.news.notify_all();
    names.news.wait(lock, [&] { return names.open; });
    --names.hanging;
    names.news.notify_all();
    return EAI_NONAME;
}

using Real = int (*)(const char*, const char*, const addrinfo*, addrinfo**);

int answer(const char* node, const char* service, const addrinfo* hints, addrinfo** list) {
    static const auto real = reinterpret_cast<Real>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    const std::string name = node == nullptr ? "" : node;
    const bool numeric = hints != nullptr && (hints->ai_flags & AI_NUMERICHOST) != 0;
    if (numeric || !name.ends_with(".test")) return real(node, service, hints, list);
    {
        const std::lock_guard lock(server().mutex);
        ++server().asked[name];
    }
    if (name.ends_with(".hangs.test")) return hang();
    if (name.ends_with(".counted.test")) return real("127.0.0.1", service, hints, list);
    return real(node, service, hints, list);
}

}  // namespace

HangingNames::HangingNames() {
    const std::lock_guard lock(server().mutex);
    server().open = false;
    server().asked.clear();
}

HangingNames::~HangingNames() {
    release();
}

void HangingNames::await_hanging(int count) {
    std::unique_lock lock(server().mutex);
    server().news.wait(lock, [&] { return server().hanging >= count; });
}

void HangingNames::release() {
    std::unique_lock lock(server().mutex);
    server().open = true;
    server().news.notify_all();
    server().news.wait(lock, [&] { return server().hanging == 0; });
}

int HangingNames::asked_for(const std::string& name) const {
    const std::lock_guard lock(server().mutex);
    const auto found = server().asked.find(name);
    return found == server().asked.end() ? 0 : found->second;
}

}  // namespace mullion::net::testing

// Found before the C library's.
extern "C" __attribute__((visibility("default"))) int getaddrinfo(const char* node, const char* service,
                                                                  const addrinfo* hints, addrinfo** list) {
    return mullion::net::testing::answer(node, service, hints, list);
}
