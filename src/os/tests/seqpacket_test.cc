#include "os/seqpacket.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>

#include "os/spawn_messages.h"

namespace mullion::os {
namespace {

long open_descriptors() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                         std::filesystem::directory_iterator());
}

TEST(Seqpacket, CarriesAMessageOfTheLimitAndNoMore) {
    auto pair = make_seqpacket_pair().value();
    const std::string largest(spawn_message_limit, 'x');
    auto sent = send_packet(pair.first.get(), largest);
    ASSERT_TRUE(sent.ok()) << sent.error().message();
    EXPECT_TRUE(*sent);
    auto got = receive_packet(pair.second.get(), 0);
    ASSERT_TRUE(got.ok()) << got.error().message();
    EXPECT_EQ(got->bytes, largest);

    sent = send_packet(pair.first.get(), largest + 'x');
    ASSERT_FALSE(sent.ok());
    EXPECT_EQ(sent.error().id, ErrorId::spawn_too_large);
}

TEST(Seqpacket, KeepsMessagesApartAndPassesDescriptors) {
    auto pair = make_seqpacket_pair().value();
    std::array<int, 2> pipe_ends{};
    ASSERT_EQ(::pipe2(pipe_ends.data(), O_CLOEXEC), 0);
    const UniqueFd reading(pipe_ends[0]);
    UniqueFd writing(pipe_ends[1]);
    const std::array<int, 1> one{writing.get()};
    ASSERT_TRUE(send_packet(pair.first.get(), "first", one).value());
    ASSERT_TRUE(send_packet(pair.first.get(), "second").value());
    writing.reset();

    auto first = receive_packet(pair.second.get(), 1).value();
    EXPECT_EQ(first.bytes, "first");
    ASSERT_EQ(first.descriptors.size(), 1U);
    EXPECT_NE(::fcntl(first.descriptors[0].get(), F_GETFD) & FD_CLOEXEC, 0);
    ASSERT_EQ(::write(first.descriptors[0].get(), "!", 1), 1);
    char byte = 0;
    EXPECT_EQ(::read(reading.get(), &byte, 1), 1);
    EXPECT_EQ(receive_packet(pair.second.get(), 1).value().bytes, "second");
}

TEST(Seqpacket, RefusesAndClosesDescriptorsNobodyAskedFor) {
    auto pair = make_seqpacket_pair().value();
    const long before = open_descriptors();
    const std::array<int, 3> three{0, 1, 2};
    ASSERT_TRUE(send_packet(pair.first.get(), "x", three).value());
    EXPECT_FALSE(receive_packet(pair.second.get(), 2).ok());
    EXPECT_EQ(open_descriptors(), before);
}

TEST(Seqpacket, RefusesATruncatedMessage) {
    auto pair = make_seqpacket_pair().value();
    const std::string larger(spawn_message_limit + 1, 'x');
    ASSERT_EQ(::send(pair.first.get(), larger.data(), larger.size(), 0), static_cast<ssize_t>(larger.size()));
    EXPECT_FALSE(receive_packet(pair.second.get(), 0).ok());
}

TEST(Seqpacket, TellsTheEndFromNothingYet) {
    auto pair = make_seqpacket_pair().value();
    ASSERT_TRUE(set_nonblocking(pair.second.get()).ok());
    EXPECT_EQ(receive_packet(pair.second.get(), 0).value().kind, Packet::Kind::would_block);
    ASSERT_TRUE(send_packet(pair.second.get(), "never read").value());
    pair.first.reset();
    EXPECT_EQ(receive_packet(pair.second.get(), 0).value().kind, Packet::Kind::closed);
    const auto sent = send_packet(pair.second.get(), "x");
    ASSERT_FALSE(sent.ok());
    EXPECT_EQ(sent.error().id, ErrorId::serve_monitor);
}

TEST(Seqpacket, SaysWhenThePeerDoesNotRead) {
    auto pair = make_seqpacket_pair().value();
    ASSERT_TRUE(set_nonblocking(pair.first.get()).ok());
    const std::string large(64 * 1024, 'x');
    bool sent = true;
    for (int i = 0; i < 100 && sent; ++i) sent = send_packet(pair.first.get(), large).value();
    EXPECT_FALSE(sent);
}

TEST(Seqpacket, KnowsThePeerFromTheKernel) {
    const auto pair = make_seqpacket_pair().value();
    const auto peer = peer_of(pair.first.get()).value();
    EXPECT_EQ(peer.pid, ::getpid());
    EXPECT_EQ(peer.uid, ::geteuid());
}

}  // namespace
}  // namespace mullion::os
