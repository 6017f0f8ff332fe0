#include "words.h"

#include <pwd.h>

#include <algorithm>

namespace mullion::attacks {
namespace {

// Its owner, and what the kernel says of the process. $0 is the folder.
constexpr const char* confess =
    "f=$0/$$.$1; : > \"$f\" && grep -E '^(Uid|Gid|Groups|CapEff|CapPrm|CapAmb):' /proc/self/status > \"$f\"";

}  // namespace

std::vector<std::string> names_of_others(const Scene& scene) {
    std::vector<std::string> names;
    ::setpwent();
    while (const passwd* entry = ::getpwent()) names.emplace_back(entry->pw_name);
    ::endpwent();
    std::erase(names, scene.allowed);
    for (const std::string& one :
         {std::string("0"),          std::string("00"),
          std::string("+0"),         std::string("-1"),
          std::string("0x0"),        std::string("ROOT"),
          std::string("Root"),       std::string(" root"),
          std::string("root "),      std::string("root\n"),
          std::string("\nroot"),     std::string("root:x:0:0"),
          std::string("#"),          std::string("# comment"),
          std::string("../root"),    std::string("*"),
          std::string("+"),          std::string("4294967295"),
          std::string("4294967296"), scene.allowed + "\n",
          scene.allowed + " ",       " " + scene.allowed,
          scene.allowed + "\nroot",  "root\n" + scene.allowed,
          scene.allowed + ",root",   scene.allowed + ":0",
          scene.allowed.substr(1),   scene.allowed.substr(0, scene.allowed.size() - 1),
          std::string(256, 'r'),     std::string("r\xC3\xB6\xC3\xB6t")})
        names.push_back(one);
    return names;
}

os::SpawnRequest confession(Link& link, const std::string& unix_user) {
    os::SpawnRequest request;
    request.token = link.next_token();
    request.unix_user = unix_user;
    request.argv = {"/bin/sh", "-c", confess, link.scene().evidence, std::to_string(request.token)};
    request.working_directory = "/";
    return request;
}

std::string Babble::text(std::size_t most) {
    std::string made(upto(most), '\0');
    for (char& c : made) c = static_cast<char>(1 + upto(254));
    return made;
}

os::SpawnRequest Babble::request(Link& link) {
    constexpr std::size_t one_in = 50;  // Is of the user who is let in.
    const bool fine = upto(one_in - 1) == 0;
    os::SpawnRequest made = confession(link, fine ? link.scene().allowed : names_[upto(names_.size() - 1)]);
    if (!fine && upto(3) == 0) made.unix_user = "r" + text(40);
    if (upto(9) == 0) made.argv = {"/" + text(20), text(200)};
    if (upto(19) == 0) made.argv.insert(made.argv.end(), upto(50), text(20));
    for (std::size_t left = upto(4); left > 0; --left) {
        std::string name = "V" + text(20);
        std::replace(name.begin(), name.end(), '=', '_');
        made.environment.emplace_back(std::move(name), text(50));
    }
    if (upto(9) == 0) made.environment.emplace_back("LD_PRELOAD", "/tmp/x.so");
    if (upto(9) == 0) made.environment.emplace_back("USER", "root");
    if (upto(9) == 0) made.working_directory = text(100);
    if (upto(9) == 0) made.address = text(60);
    made.login_shell = upto(9) == 0;
    if (upto(3) == 0) {
        made.shell = "SHELL-" + std::to_string(upto(5));
        made.memory_mb = upto(1) == 0 ? 0xFFFFFFFF : static_cast<std::uint32_t>(64 + upto(64));
    }
    return made;
}

std::string Babble::damaged(std::string bytes) {
    for (std::size_t left = 1 + upto(3); left > 0 && !bytes.empty(); --left) {
        const auto place = static_cast<std::ptrdiff_t>(upto(bytes.size() - 1));
        switch (upto(3)) {
            case 0:
                bytes[static_cast<std::size_t>(place)] = static_cast<char>(upto(255));
                break;
            case 1:
                bytes.insert(bytes.begin() + place, static_cast<char>(upto(255)));
                break;
            case 2:
                bytes.erase(bytes.begin() + place);
                break;
            default:
                bytes[static_cast<std::size_t>(place)] ^= static_cast<char>(1 << upto(7));
        }
    }
    return bytes;
}

bool Babble::say(Link& link) {
    constexpr std::uint64_t tokens = 1'000;  // Those that were used, and others.
    switch (upto(9)) {
        case 0:
            return link.send(os::encode(os::ToMonitor(
                os::SignalRequest{upto(tokens), static_cast<os::SignalRequest::What>(1 + upto(2))})));
        case 1:
            return link.send(os::encode(os::ToMonitor(os::Release{upto(tokens)})));
        case 2: {
            // Damaged, and a request all the same: the name or the program may be another now.
            const auto bytes = damaged(os::encode(os::ToMonitor(request(link))));
            const auto still = os::decode_to_monitor(bytes);
            const auto* asks = still ? std::get_if<os::SpawnRequest>(&*still) : nullptr;
            if (asks == nullptr || asks->token > link.next_token()) return link.send(request(link));
            return link.send(*asks);
        }
        default:
            return link.send(request(link));
    }
}

std::string Babble::noise(Link& link) {
    for (;;) {
        std::string bytes = upto(1) == 0 ? text(300) : damaged(os::encode(os::ToMonitor(request(link))));
        if (!bytes.empty() && !os::decode_to_monitor(bytes)) return bytes;
    }
}

}  // namespace mullion::attacks
