#include "net/local.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fmt/core.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "net/accepting.h"
#include "net/address.h"
#include "net/make_stream.h"
#include "os/file.h"

namespace mullion::net {
namespace {

namespace asio = boost::asio;

constexpr int waiting_connections = 64;
constexpr auto full_rest = std::chrono::milliseconds(10);

struct Place {
    std::string folder;
    std::string leaf;
};

Place place_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return {".", path};
    return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

// An address of a socket has room for 107 bytes, a path for 4095; and what was looked at must be what is
// used. So the kernel is told by a descriptor where it is.
SocketAddress address_in(int folder, const std::string& leaf) {
    SocketAddress address;
    auto* local = reinterpret_cast<sockaddr_un*>(&address.storage);
    local->sun_family = AF_UNIX;
    const std::string path = leaf.empty() ? fmt::format("/proc/self/fd/{}", folder)
                                          : fmt::format("/proc/self/fd/{}/{}", folder, leaf);
    std::memcpy(local->sun_path, path.data(), std::min(path.size(), sizeof local->sun_path - 1));
    address.size = sizeof(sockaddr_un);
    return address;
}

Error cannot_listen(const std::string& path, const std::string& why) {
    return {ErrorId::serve_listen, fmt::format("{}: {}", path, why)};
}

Result<os::UniqueFd> own_folder(const std::string& path, const Place& place) {
    os::UniqueFd folder(::open(place.folder.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder) return os::system_error(ErrorId::serve_listen, path + ": its folder", errno);
    struct stat facts {};
    if (::fstat(folder.get(), &facts) != 0)
        return os::system_error(ErrorId::serve_listen, path + ": its folder", errno);
    if (facts.st_uid != ::geteuid())
        return cannot_listen(
            path, fmt::format("its folder belongs to uid {}, not to uid {}", facts.st_uid, ::geteuid()));
    if ((facts.st_mode & 077) != 0)
        return cannot_listen(path, fmt::format("its folder has mode {:04o}, which lets others in (chmod 700)",
                                               facts.st_mode & 07777));
    return folder;
}

std::optional<LocalUser> user_of(int descriptor) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return std::nullopt;
    return LocalUser{credentials.uid, credentials.pid};
}

class LocalListener final : public Listener {
public:
    LocalListener(const Executor& executor, os::UniqueFd folder, std::string path, int descriptor)
        : accepting_(executor, descriptor), folder_(std::move(folder)), path_(std::move(path)) {}
    LocalListener(const LocalListener&) = delete;
    LocalListener& operator=(const LocalListener&) = delete;
    ~LocalListener() override { LocalListener::close(); }

    Task<Result<Accepted>> accept() override {
        while (true) {
            SocketAddress from;
            auto waiting = accepting_.next(from, *this);
            const auto descriptor = co_await std::move(waiting);
            if (!descriptor.ok()) co_return descriptor.error();
            Accepted accepted;
            accepted.descriptor = *descriptor;
            accepted.peer = accepted.local = local_peer;
            accepted.user = user_of(*descriptor);
            if (accepted.user) co_return accepted;
            ::close(*descriptor);  // Of nobody: not of anybody.
        }
    }

    void close() override {
        accepting_.close();
        if (folder_) (void)::unlinkat(folder_.get(), place_of(path_).leaf.c_str(), 0);
        folder_.reset();
    }
    std::string address() const override { return path_; }
    std::uint16_t port() const override { return 0; }

private:
    Accepting accepting_;
    os::UniqueFd folder_;
    std::string path_;
};

Error not_running(const std::string& path, const std::string& why) {
    return {ErrorId::serve_not_running, fmt::format("{}: {}", path, why)};
}

Error not_for_us(const std::string& path, int number) {
    Error error(ErrorId::state_directory, fmt::format("{}: {}", path, errno_text(number)));
    error.advice.emplace_back("Only root and the service's own user come in there: say it with sudo.");
    return error;
}

Error explain(const std::string& path, int number) {
    if (number == ENOENT || number == ENOTDIR) return not_running(path, "there is no such socket");
    if (number == ECONNREFUSED) return not_running(path, "nobody listens there any more");
    return not_for_us(path, number);
}

// The socket itself, which nobody can exchange for another one between this look and the connection.
Result<os::UniqueFd> find_socket(const std::string& path) {
    const Place place = place_of(path);
    const os::UniqueFd folder(::open(place.folder.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder) {
        const int number = errno;
        struct stat facts {};
        if (::lstat(place.folder.c_str(), &facts) == 0 && S_ISLNK(facts.st_mode))
            return Error(ErrorId::state_directory, place.folder + " is a symbolic link");
        return explain(path, number);
    }
    os::UniqueFd socket(::openat(folder.get(), place.leaf.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!socket) return explain(path, errno);
    struct stat facts {};
    if (::fstat(socket.get(), &facts) != 0) return explain(path, errno);
    if (!S_ISSOCK(facts.st_mode)) return Error(ErrorId::state_directory, path + " is not a socket");
    return socket;
}

}  // namespace

Result<std::unique_ptr<Listener>> listen_locally(Executor executor, const std::string& path) {
    const Place place = place_of(path);
    MULLION_ASSIGN(os::UniqueFd folder, own_folder(path, place));
    if (::unlinkat(folder.get(), place.leaf.c_str(), 0) != 0 && errno != ENOENT)
        return cannot_listen(path, "what lies there cannot be removed: " + errno_text(errno));
    os::UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket) return os::system_error(ErrorId::serve_listen, path, errno);
    // Before there is a file: it is born with this mode.
    if (::fchmod(socket.get(), 0600) != 0) return os::system_error(ErrorId::serve_listen, path, errno);
    const SocketAddress address = address_in(folder.get(), place.leaf);
    if (::bind(socket.get(), address.raw(), address.size) != 0 ||
        ::listen(socket.get(), waiting_connections) != 0)
        return os::system_error(ErrorId::serve_listen, path, errno);
    std::unique_ptr<Listener> listener =
        std::make_unique<LocalListener>(executor, std::move(folder), path, socket.get());
    (void)socket.release();
    return listener;
}

Task<Result<std::unique_ptr<Stream>>> connect_locally(Executor executor, std::string path,
                                                      MonotonicTime deadline) {
    MULLION_CO_ASSIGN(const os::UniqueFd found, find_socket(path));
    const SocketAddress address = address_in(found.get(), "");
    os::UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket) co_return os::system_error(ErrorId::serve_not_running, path, errno);
    asio::steady_timer rest(executor);
    while (::connect(socket.get(), address.raw(), address.size) != 0) {
        const int number = errno;
        if (number == EINTR) continue;
        if (number != EAGAIN) co_return explain(path, number);
        // More wait than the service has taken; there is nothing to be told of that by.
        if (std::chrono::steady_clock::now() >= deadline)
            co_return Error(ErrorId::net_timeout, path + ": the service takes no connections");
        rest.expires_after(full_rest);
        co_await rest.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_return make_plain_stream(Socket(executor, socket.release()), local_peer);
}

}  // namespace mullion::net
