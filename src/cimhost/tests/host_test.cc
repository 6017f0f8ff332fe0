#include "cimhost/host.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <csignal>

#include "cimhost/tests/things.h"

namespace mullion::cimhost {
namespace {

using namespace testing;

// Files in memory stand for the pipes: the whole question is there, and the whole answer is kept.
class File {
public:
    explicit File(std::string_view bytes = {}) : descriptor_(::memfd_create("pipe", MFD_CLOEXEC)) {
        EXPECT_EQ(::pwrite(descriptor_, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { ::close(descriptor_); }
    [[nodiscard]] int get() const { return descriptor_; }
    [[nodiscard]] std::string read() const {
        std::string bytes(static_cast<std::size_t>(::lseek(descriptor_, 0, SEEK_END)), '\0');
        EXPECT_EQ(::pread(descriptor_, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
        return bytes;
    }

private:
    int descriptor_;
};

class Bug final : public cim::Provider {
public:
    Bug() : Provider(other_class) {}
    std::optional<cim::Fault> enumerate(const cim::Machine&, const cim::Question&,
                                        cim::Sink& sink) const override {
        auto instance = make();
        instance.set("Key", "k");
        if (sink.put(std::move(instance))) throw std::logic_error("a bug of a provider");
        return std::nullopt;
    }
};

class Host : public Questions {
protected:
    [[nodiscard]] std::vector<cim::FromHost> serve_frames(std::string_view input,
                                                          const cim::Registry& registry) const {
        const File in(input), out;
        EXPECT_EQ(serve(in.get(), out.get(), registry, made_.machine), 0);
        cim::FrameReader reader;
        reader.feed(out.read());
        std::vector<cim::FromHost> frames;
        while (auto frame = reader.next()) frames.push_back(std::move(*frame));
        EXPECT_TRUE(reader.at_boundary());
        return frames;
    }
    [[nodiscard]] cim::Failure failure(std::string_view input) const {
        const auto frames = serve_frames(input, registry_);
        EXPECT_EQ(frames.size(), 1u);
        return std::get<cim::Failure>(frames.at(0));
    }
    [[nodiscard]] std::string question(std::string_view class_name) const {
        return cim::encode(
            cim::Ask{"uuid:ANSWER", wire::write_enumeration(settings(), "uuid:1", {target(class_name)})});
    }
};

TEST_F(Host, AnswersOneQuestion) {
    const auto frames = serve_frames(question("Test_Thing"), registry_);
    ASSERT_EQ(frames.size(), 4u);
    EXPECT_EQ(text(read(std::get<cim::Item>(frames[1]).xml), "Name"), "Second");
    EXPECT_EQ(frames[3], cim::FromHost(cim::End{}));
}

TEST_F(Host, RefusesWhatIsNoQuestion) {
    const auto whole = question("Test_Thing");
    EXPECT_EQ(failure("").code, wsman::code::internal_error);
    for (const auto size : {std::size_t{1}, whole.size() / 2, whole.size() - 1})
        EXPECT_NE(failure(std::string_view(whole).substr(0, size)).message.find("cut"), std::string::npos);
    EXPECT_EQ(failure(std::string(cim::ask_limit + 4096, 'x')).message, "the question is too long");
    EXPECT_EQ(failure(cim::encode(cim::Ask{"uuid:1", "<not xml"})).code, wsman::code::invalid_xml);
}

// What came before it stays, and the end says that it is none.
TEST_F(Host, SaysWhatBrokeInside) {
    const Bug bug;
    const cim::Registry registry({&bug});
    const auto frames = serve_frames(question("Test_Other"), registry);
    ASSERT_EQ(frames.size(), 2u);
    const auto& failure = std::get<cim::Failure>(frames[1]);
    EXPECT_EQ(failure.code, 0x54Fu);
    EXPECT_NE(failure.message.find("a bug of a provider"), std::string::npos);
}

TEST_F(Host, EndsQuietlyWhereNobodyReads) {
    std::signal(SIGPIPE, SIG_IGN);
    const File in(question("Test_Thing"));
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    ::close(ends[0]);
    EXPECT_EQ(serve(in.get(), ends[1], registry_, made_.machine), 0);
    ::close(ends[1]);
}

}  // namespace
}  // namespace mullion::cimhost
