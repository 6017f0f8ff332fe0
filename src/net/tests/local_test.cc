// Sockets of the file system: who may come, what lies in the way, and what a client is told.
#include "net/local.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "net/tests/loop.h"
#include "os/tests/temporary_folder.h"

namespace mullion::net {
namespace {

namespace fs = std::filesystem;

class Local : public ::testing::Test {
protected:
    Local() { make_folder("run"); }
    void make_folder(const std::string& name) {
        ASSERT_EQ(::mkdir((folder / name).c_str(), 0700), 0);
        path = folder / (name + "/admin.sock");
    }
    auto connect() { return loop.run(connect_locally(loop.executor(), path, far_off())); }
    ErrorId refusal() {
        const auto connected = connect();
        EXPECT_FALSE(connected.ok());
        return connected.ok() ? ErrorId::usage_invalid : connected.error().id;
    }
    auto listen() { return listen_locally(loop.executor(), path); }

    os::TemporaryFolder folder;
    std::string path;
    Loop loop;
};

Task<Result<Listener::Accepted>> next(Listener& listener) {
    co_return co_await listener.accept();
}

Task<std::string> say(Stream& from, Stream& to, std::string text) {
    if (!co_await from.write(text)) co_return "not written";
    std::array<char, 64> part{};
    const auto count = co_await to.read_some(part);
    co_return count.ok() ? std::string(part.data(), *count) : count.error().message();
}

TEST_F(Local, CarriesBytesAndNamesTheUser) {
    auto listener = listen();
    ASSERT_TRUE(listener.ok()) << listener.error().message();
    auto client = connect();
    ASSERT_TRUE(client.ok()) << client.error().message();
    auto accepted = loop.run(next(**listener));
    ASSERT_TRUE(accepted.ok());
    ASSERT_TRUE(accepted->user.has_value());
    EXPECT_EQ(accepted->user->uid, ::geteuid());
    EXPECT_EQ(accepted->user->pid, ::getpid());
    EXPECT_EQ(accepted->peer, local_peer);
    auto server = loop.run(adopt(loop.executor(), *accepted, nullptr, far_off()));
    ASSERT_TRUE(server.ok());
    EXPECT_EQ(loop.run(say(**client, **server, "question")), "question");
    EXPECT_EQ(loop.run(say(**server, **client, "answer")), "answer");
    EXPECT_EQ((*server)->peer(), local_peer);
    EXPECT_EQ((*server)->tls(), nullptr);
}

TEST_F(Local, IsForItsOwnUserAlone) {
    ::umask(0);
    auto listener = listen();
    ::umask(022);
    ASSERT_TRUE(listener.ok());
    struct stat facts {};
    ASSERT_EQ(::stat(path.c_str(), &facts), 0);
    EXPECT_TRUE(S_ISSOCK(facts.st_mode));
    EXPECT_EQ(facts.st_mode & 07777, 0600U);
    listener->reset();
    EXPECT_FALSE(fs::exists(path)) << "who ends takes it away";
}

TEST_F(Local, WillNotBeWhereOthersCanCome) {
    ASSERT_EQ(::chmod((folder / "run").c_str(), 0750), 0);
    auto listener = listen();
    ASSERT_FALSE(listener.ok());
    EXPECT_EQ(listener.error().id, ErrorId::serve_listen);
    EXPECT_NE(listener.error().detail.find("chmod 700"), std::string::npos);
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
    ASSERT_EQ(::chmod((folder / "run").c_str(), 0700), 0);
    ASSERT_EQ(::chown((folder / "run").c_str(), 1, 1), 0);
    EXPECT_FALSE(listen().ok());
}

TEST_F(Local, ReplacesWhatAKilledProcessLeft) {
    const int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    ASSERT_LT(path.size(), sizeof address.sun_path);
    std::memcpy(address.sun_path, path.data(), path.size());
    ASSERT_EQ(::bind(left, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ::close(left);
    const auto nobody = connect();
    ASSERT_FALSE(nobody.ok());
    EXPECT_EQ(nobody.error().id, ErrorId::serve_not_running);
    auto listener = listen();
    ASSERT_TRUE(listener.ok()) << listener.error().message();
    EXPECT_TRUE(connect().ok());
}

TEST_F(Local, FollowsNoSymbolicLink) {
    const std::string elsewhere = folder / "elsewhere";
    std::ofstream(elsewhere) << "precious";
    fs::create_symlink(elsewhere, path);
    EXPECT_EQ(refusal(), ErrorId::state_directory);
    auto listener = listen();
    ASSERT_TRUE(listener.ok());
    EXPECT_TRUE(fs::is_socket(fs::symlink_status(path)));
    EXPECT_TRUE(fs::is_regular_file(elsewhere));
    const std::string real = path;
    fs::create_symlink(real, folder / "run/link");
    path = folder / "run/link";
    EXPECT_EQ(refusal(), ErrorId::state_directory);
    fs::create_directory_symlink(folder / "run", folder / "run2");
    path = folder / "run2/admin.sock";
    EXPECT_EQ(refusal(), ErrorId::state_directory);
    EXPECT_FALSE(listen().ok());
}

TEST_F(Local, SaysThatNobodyIsThere) {
    EXPECT_EQ(refusal(), ErrorId::serve_not_running);
    path = folder / "nowhere/admin.sock";
    EXPECT_EQ(refusal(), ErrorId::serve_not_running);
    path = folder / "run/file";
    std::ofstream(path) << "no socket";
    EXPECT_EQ(refusal(), ErrorId::state_directory);
    path = folder / "run/file/admin.sock";
    EXPECT_EQ(refusal(), ErrorId::serve_not_running);
}

TEST_F(Local, TakesPathsLongerThanAnAddress) {
    make_folder(std::string(200, 'x'));
    auto listener = listen();
    ASSERT_TRUE(listener.ok()) << listener.error().message();
    EXPECT_TRUE(connect().ok());
}

TEST_F(Local, ClosingEndsWhoWaits) {
    auto listener = listen();
    ASSERT_TRUE(listener.ok());
    auto wait = [](Listener& on, bool& ended) -> Task<void> {
        const auto accepted = co_await on.accept();
        ended = !accepted.ok();
    };
    bool ended = false;
    loop.start(wait(**listener, ended));
    loop.run(one_turn(loop.executor()));
    (*listener)->close();
    while (!ended) loop.run(one_turn(loop.executor()));
    EXPECT_EQ(refusal(), ErrorId::serve_not_running);
}

// More than the kernel holds for a service that is busy: they wait, and give up at their deadline.
TEST_F(Local, AFullQueueIsATimeout) {
    auto listener = listen();
    ASSERT_TRUE(listener.ok());
    std::vector<std::unique_ptr<Stream>> waiting;
    while (waiting.size() < 1'000) {
        auto one = loop.run(connect_locally(loop.executor(), path, in_ms(30)));
        if (!one.ok()) {
            EXPECT_EQ(one.error().id, ErrorId::net_timeout);
            break;
        }
        waiting.push_back(std::move(*one));
    }
    EXPECT_LT(waiting.size(), 1'000U);
}

}  // namespace
}  // namespace mullion::net
