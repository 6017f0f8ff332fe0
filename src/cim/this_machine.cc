// What only system calls tell.
#include <arpa/inet.h>
#include <fmt/core.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <pwd.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>
#include <vector>

#include "cim/journal.h"
#include "cim/machine.h"
#include "cim/start_process.h"
#include "cim/systemd_manager.h"

namespace mullion::cim {
namespace {

std::int64_t microseconds(clockid_t clock) {
    timespec now = {};
    ::clock_gettime(clock, &now);
    return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

Times read_clocks() {
    // Both within microseconds of each other: consumers take a difference of either as the same span.
    timespec raw = {};
    ::clock_gettime(CLOCK_MONOTONIC_RAW, &raw);
    return {microseconds(CLOCK_REALTIME), static_cast<std::uint64_t>(raw.tv_sec) * 10'000'000 +
                                              static_cast<std::uint64_t>(raw.tv_nsec) / 100};
}

std::int16_t offset_at(std::int64_t unix_microseconds) {
    const std::time_t seconds = unix_microseconds / 1'000'000;
    std::tm local = {};
    if (::localtime_r(&seconds, &local) == nullptr) return 0;
    return static_cast<std::int16_t>(local.tm_gmtoff / 60);
}

std::optional<FileSystemSize> size_of(const std::string& path) {
    struct statvfs found = {};
    if (::statvfs(path.c_str(), &found) != 0) return std::nullopt;
    const std::uint64_t unit = found.f_frsize != 0 ? found.f_frsize : found.f_bsize;
    return FileSystemSize{unit, unit * found.f_blocks, unit * found.f_bavail, found.f_namemax,
                          (found.f_flag & ST_RDONLY) != 0};
}

template <class Socket>
Socket copied(const sockaddr* from) {
    Socket to;
    std::memcpy(&to, from, sizeof to);
    return to;
}

unsigned bits(const void* mask, std::size_t size) {
    unsigned set = 0;
    for (std::size_t at = 0; at < size; ++at)
        set += static_cast<unsigned>(std::popcount(static_cast<const unsigned char*>(mask)[at]));
    return set;
}

std::optional<Address> address_of(const ifaddrs& entry) {
    if (entry.ifa_addr == nullptr || entry.ifa_netmask == nullptr) return std::nullopt;
    std::array<char, INET6_ADDRSTRLEN> text = {};
    if (entry.ifa_addr->sa_family == AF_INET) {
        const auto address = copied<sockaddr_in>(entry.ifa_addr),
                   mask = copied<sockaddr_in>(entry.ifa_netmask);
        ::inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
        return Address{entry.ifa_name, text.data(), bits(&mask.sin_addr, 4), false};
    }
    if (entry.ifa_addr->sa_family == AF_INET6) {
        const auto address = copied<sockaddr_in6>(entry.ifa_addr),
                   mask = copied<sockaddr_in6>(entry.ifa_netmask);
        ::inet_ntop(AF_INET6, &address.sin6_addr, text.data(), text.size());
        return Address{entry.ifa_name, text.data(), bits(&mask.sin6_addr, 16), true};
    }
    return std::nullopt;
}

std::vector<Address> all_addresses() {
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0) return {};
    const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owned(list, ::freeifaddrs);
    std::vector<Address> found;
    for (const auto* entry = list; entry != nullptr; entry = entry->ifa_next)
        if (auto address = address_of(*entry)) found.push_back(std::move(*address));
    return found;
}

std::optional<std::string> name_of_user(std::uint32_t uid) {
    constexpr std::size_t most = 1 << 20;
    std::vector<char> place(1024);
    for (;;) {
        passwd entry = {}, *found = nullptr;
        const int error = ::getpwuid_r(uid, &entry, place.data(), place.size(), &found);
        if (error == EINTR) continue;
        if (error != ERANGE || place.size() >= most)
            return found ? std::optional<std::string>(found->pw_name) : std::nullopt;
        place.resize(place.size() * 2);
    }
}

std::unique_ptr<ServiceManager> system_services(std::string& why) {
    auto manager = connect_to_systemd(system_bus_options());
    if (manager.ok()) return std::move(*manager);
    why = fmt::format("{}: {}", manager.error().name, manager.error().message);
    return nullptr;
}

std::uint64_t setting(int name, std::uint64_t otherwise) {
    const auto value = ::sysconf(name);
    return value > 0 ? static_cast<std::uint64_t>(value) : otherwise;
}

}  // namespace

Machine this_machine() {
    Machine machine;
    machine.ticks_per_second = setting(_SC_CLK_TCK, 100);
    machine.page_size = setting(_SC_PAGESIZE, 4096);
    utsname system = {};
    if (::uname(&system) == 0) machine.architecture = system.machine;
    machine.times = read_clocks;
    machine.utc_offset = offset_at;
    machine.file_system = size_of;
    machine.addresses = all_addresses;
    machine.user_name = name_of_user;
    machine.services = system_services;
    machine.journal = [](std::string& why) { return open_journal({}, why); };
    machine.start = start_by_shell;
    machine.kill = kill_process;
    return machine;
}

}  // namespace mullion::cim
