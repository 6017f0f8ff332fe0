#include "attacks.h"

#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "words.h"

namespace mullion::attacks {
namespace {

std::vector<std::string> every_message(Link& link) {
    os::SpawnRequest with_ticket = confession(link, link.scene().allowed);
    with_ticket.ticket = std::make_shared<const os::SpawnTicket>(
        os::SpawnTicket{"client", "krbtgt/A@A", Secret(std::string(100, 't'))});
    with_ticket.shell = "SHELL-1";
    with_ticket.memory_mb = 64;
    return {os::encode(os::ToMonitor(confession(link, link.scene().allowed))),
            os::encode(os::ToMonitor(confession(link, "root"))), os::encode(os::ToMonitor(with_ticket)),
            os::encode(os::ToMonitor(os::SignalRequest{1, os::SignalRequest::What::kill})),
            os::encode(os::ToMonitor(os::Release{1}))};
}

void ask_for_everybody(Link& link) {
    for (const auto& name : names_of_others(link.scene())) link.send(confession(link, name));
    link.send(confession(link, link.scene().allowed));
    link.settle();
}

// Who owns the folder can put anything in the list's place, and put it back.
class Folder {
public:
    explicit Folder(const Scene& scene)
        : list_(scene.state + "/shell-users"), kept_(scene.state + "/kept"), own_(scene.state + "/own") {
        if (::rename(list_.c_str(), kept_.c_str()) != 0) std::abort();
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        ::unlink(list_.c_str());
        ::rmdir(list_.c_str());
        ::unlink(own_.c_str());
        if (::rename(kept_.c_str(), list_.c_str()) != 0) std::abort();
    }
    void write_own(const std::string& path, mode_t mode) const {
        std::FILE* const file = std::fopen(path.c_str(), "w");
        if (file == nullptr) std::abort();
        std::fputs("root\nnobody\nbin\n", file);
        std::fclose(file);
        ::chmod(path.c_str(), mode);
    }
    const std::string& list() const { return list_; }
    const std::string& kept() const { return kept_; }
    const std::string& own() const { return own_; }

private:
    std::string list_;
    std::string kept_;
    std::string own_;
};

void with_a_list_of_its_own(Link& link) {
    for (const mode_t mode : {0600, 0644, 0444, 04755, 0666}) {
        const Folder folder(link.scene());
        folder.write_own(folder.list(), mode);
        ask_for_everybody(link);
    }
}

void with_links_for_a_list(Link& link) {
    const std::string state = link.scene().state;
    // Files of root's with names in them, the good list by another name, and ways around.
    for (const std::string& target :
         {std::string("/etc/passwd"), link.scene().evidence + "/../names", state + "/kept",
          std::string("kept"), state + "/own", "/proc/self/root" + state + "/kept",
          std::string("/proc/self/fd/0"), std::string("shell-users"), std::string("/dev/stdin"),
          std::string("/dev/zero")}) {
        const Folder folder(link.scene());
        folder.write_own(folder.own(), 0644);
        if (::symlink(target.c_str(), folder.list().c_str()) != 0) std::abort();
        ask_for_everybody(link);
    }
    const Folder folder(link.scene());
    if (::link(folder.kept().c_str(), folder.list().c_str()) == 0) ask_for_everybody(link);
}

void with_what_is_no_list(Link& link) {
    {
        const Folder folder(link.scene());
        if (::mkfifo(folder.list().c_str(), 0666) != 0) std::abort();
        ask_for_everybody(link);
    }
    const Folder folder(link.scene());
    if (::mkdir(folder.list().c_str(), 0777) != 0) std::abort();
    ask_for_everybody(link);
}

// Between the look at the list and its reading lies no moment in which another could take its place.
void while_the_list_is_swapped(Link& link) {
    const Folder folder(link.scene());
    std::atomic<bool> stop{false};
    std::thread swapper([&] {
        const std::string link_name = folder.own() + "-link";
        while (!stop) {
            folder.write_own(folder.own(), 0644);
            ::rename(folder.own().c_str(), folder.list().c_str());
            (void)!::symlink("/etc/passwd", link_name.c_str());
            ::rename(link_name.c_str(), folder.list().c_str());
            (void)!::link(folder.kept().c_str(), folder.own().c_str());
            ::rename(folder.own().c_str(), folder.list().c_str());
        }
        ::unlink(link_name.c_str());
    });
    for (int round = 0; round < 20; ++round) ask_for_everybody(link);
    stop = true;
    swapper.join();
}

// Not by messages: as the network's user, on the processes of the monitor.
void around_the_socket(Link& link) {
    const pid_t keeper = link.pid();
    const std::string memory = "/proc/" + std::to_string(keeper) + "/mem";
    const bool killed = ::kill(keeper, SIGTERM) == 0;
    const bool traced = ::ptrace(PTRACE_ATTACH, keeper, nullptr, nullptr) == 0;
    const bool opened = os::UniqueFd(::open(memory.c_str(), O_RDWR)).get() >= 0;
    const bool root = ::setuid(0) == 0 || ::seteuid(0) == 0 || ::setresuid(0, 0, 0) == 0;
    const bool list = ::truncate((link.scene().state + "/shell-users").c_str(), 0) == 0 ||
                      ::chmod((link.scene().state + "/shell-users").c_str(), 0666) == 0;
    if (killed || traced || opened || root || list) {
        std::fprintf(stderr, "signal %d, ptrace %d, memory %d, root %d, list %d\n", killed, traced, opened,
                     root, list);
        std::_Exit(2);
    }
    ask_for_everybody(link);
}

void out_of_order(Link& link) {
    for (std::uint64_t token = 0; token < 100; ++token) {
        link.send(os::encode(os::ToMonitor(os::SignalRequest{token, os::SignalRequest::What::kill})));
        link.send(os::encode(os::ToMonitor(os::Release{token})));
    }
    const auto request = confession(link, link.scene().allowed);
    link.send(request);
    for (int again = 0; again < 3; ++again) link.send(os::encode(os::ToMonitor(os::Release{request.token})));
    link.send(os::encode(os::ToMonitor(os::SignalRequest{request.token, os::SignalRequest::What::kill})));
    link.settle();
}

// Its token is the root's request's now, or is it?
void a_token_twice(Link& link) {
    auto request = confession(link, link.scene().allowed);
    request.argv = {"/bin/sleep", "1000"};
    link.send(request);
    request.unix_user = "root";
    link.send(os::encode(os::ToMonitor(request)));
}

}  // namespace

std::vector<Attack> named_attacks(const Scene& scene) {
    std::vector<Attack> all{
        {"every name", in_order, ask_for_everybody},
        {"a list of its own", in_order, with_a_list_of_its_own},
        {"links for a list", in_order, with_links_for_a_list},
        {"what is no list", in_order, with_what_is_no_list},
        {"a list that is swapped", in_order, while_the_list_is_swapped},
        {"around the socket", in_order, around_the_socket},
        {"out of order", in_order, out_of_order},
        {"a token twice", broken_rules, a_token_twice},
        {"nothing", in_order, [](Link& link) { (void)link.send_raw({}); }},
        {"too long", broken_rules,
         [](Link& link) { (void)link.send_raw(std::string(os::spawn_message_limit + 1, '\1')); }},
    };
    for (const auto& message : {os::encode(os::FromMonitor(os::Spawned{1, 1})),
                                os::encode(os::FromMonitor(os::SpawnFailed{1, 1, "x"})),
                                os::encode(os::FromMonitor(os::Exited{1, true, 9, true}))})
        all.push_back({"wrong direction", broken_rules, [message](Link& link) { link.send(message); }});
    for (const char* user : {"root", scene.allowed.c_str()})
        for (const std::string& tail : {std::string("\0", 1), std::string("\0root", 5)})
            all.push_back({"a NUL in the name", broken_rules,
                           [name = user + tail](Link& link) { link.send(confession(link, name)); }});
    for (std::size_t which = 0; which < 5; ++which) {
        for (const std::size_t gifts : {1U, 3U, 8U})
            all.push_back({"descriptors", broken_rules, [which, gifts](Link& link) {
                               const std::array<int, 8> descriptors{};
                               link.send(every_message(link)[which], std::span(descriptors).first(gifts));
                           }});
        for (std::size_t cut = 1; cut < 40; ++cut)
            all.push_back({"cut", broken_rules, [which, cut](Link& link) {
                               const auto bytes = every_message(link)[which];
                               link.send(bytes.substr(0, std::max<std::size_t>(1, bytes.size() * cut / 40)));
                           }});
    }
    return all;
}

Attack random_attack(std::uint64_t seed, unsigned messages, const Scene& scene) {
    return {"random " + std::to_string(seed), broken_rules, [seed, messages, &scene](Link& link) {
                Babble babble(seed, scene);
                for (unsigned said = 0; said < messages; ++said)
                    if (!babble.say(link)) return;
                link.settle();
                link.send(babble.noise(link));
            }};
}

}  // namespace mullion::attacks
