#include "link.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <variant>

#include "os/seqpacket.h"
#include "os/user.h"

namespace mullion::attacks {
namespace {

constexpr int patience_ms = 30'000;  // Of a monitor that should have answered.

[[noreturn]] void cannot(const std::string& what) {
    std::fprintf(stderr, "monitor_attacker: %s\n", what.c_str());
    std::_Exit(3);
}

}  // namespace

Link::Link(const Scene& scene, Count& count) : scene_(scene), count_(count) {
    auto pair = os::make_seqpacket_pair();
    if (!pair.ok()) cannot(pair.error().detail);
    socket_ = std::move(pair->first);
    pid_ = ::fork();
    if (pid_ == 0) {
        // Above 3, so that this end is never the one that is closed at exec.
        const int end = ::fcntl(pair->second.get(), F_DUPFD, 16);
        ::dup2(end, 3);
        ::execl(scene.monitor.c_str(), "mullion-monitor", "--state", scene.state.c_str(), nullptr);
        ::_exit(99);
    }
    const auto user = os::find_user(scene.network_user);
    if (!user.ok() || !user->has_value()) cannot("no user " + scene.network_user);
    if (const auto dropped = os::drop_to_user(**user); !dropped.ok()) cannot(dropped.error().detail);
    if (!os::set_nonblocking(socket_.get()).ok()) cannot("O_NONBLOCK");
}

bool Link::receive(int patience) {
    pollfd wait{socket_.get(), POLLIN, 0};
    if (::poll(&wait, 1, patience) != 1) return false;
    auto packet = os::receive_packet(socket_.get(), 3);
    if (!packet.ok() || packet->kind == os::Packet::Kind::closed) return !(gone_ = true);
    if (packet->kind != os::Packet::Kind::message) return false;
    const auto message = os::decode_from_monitor(packet->bytes);
    if (!message) cannot("the monitor sent what is no message");
    const auto token = std::visit([](const auto& one) { return one.token; }, *message);
    const auto asked = asked_.find(token);
    if (std::holds_alternative<os::Spawned>(*message)) {
        ++count_.spawned;
        if (asked == asked_.end() || asked->second != scene_.allowed) ++count_.spawned_as_others;
    } else if (std::holds_alternative<os::SpawnFailed>(*message)) {
        ++count_.refused;
    }
    // One that was killed or released before it began is never told of: its end is as good.
    if (asked != asked_.end()) asked_.erase(asked);
    return true;
}

bool Link::send(const std::string& bytes, std::span<const int> descriptors) {
    while (!gone_) {
        while (receive(0)) {
        }
        if (gone_) break;
        const auto sent = os::send_packet(socket_.get(), bytes, descriptors);
        if (!sent.ok()) {
            gone_ = true;
        } else if (*sent) {
            ++count_.messages;
            return true;
        } else {
            pollfd wait{socket_.get(), POLLIN | POLLOUT, 0};
            if (::poll(&wait, 1, patience_ms) != 1) cannot("the monitor neither reads nor answers");
        }
    }
    return false;
}

bool Link::send(const os::SpawnRequest& request) {
    asked_[request.token] = request.unix_user;
    return send(os::encode(os::ToMonitor(request)));
}

bool Link::send_raw(const std::string& bytes) {
    ++count_.messages;
    return ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) >= 0;
}

void Link::settle() {
    // A start that is refused at once: what was sent before it has been handled when its answer is here.
    os::SpawnRequest last;
    last.token = next_token();
    last.unix_user = "no-such-user-at-all";
    last.argv = {"/bin/true"};
    if (!send(last)) return;
    while (!gone_ && asked_.count(last.token) != 0)
        if (!receive(patience_ms) && !gone_) cannot("the monitor does not answer");
    // Commands that were let in begin in their own time; those released before that are not told of.
    while (!gone_ && !asked_.empty() && receive(100)) {
    }
}

void Link::wait_until_gone() {
    while (!gone_)
        if (!receive(patience_ms) && !gone_) cannot("the monitor goes on after what is no message");
}

int Link::end() {
    socket_.reset();
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace mullion::attacks
