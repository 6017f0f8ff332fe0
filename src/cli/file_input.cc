#include "cli/file_input.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace mullion::cli {
namespace {

class DescriptorInput final : public client::InputSource {
public:
    DescriptorInput(int descriptor, int cancelled, std::string name)
        : descriptor_(descriptor), cancelled_(cancelled), name_(std::move(name)) {}
    ~DescriptorInput() override {
        if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
        ::close(cancelled_);
    }

    Result<std::string> next(std::size_t at_most) override {
        for (;;) {
            // A terminal or a pipe may stay silent for ever, and cancel() must still get through.
            pollfd wanted[] = {{descriptor_, POLLIN, 0}, {cancelled_, POLLIN, 0}};
            if (::poll(wanted, 2, -1) < 0) {
                if (errno == EINTR) continue;
                return failed();
            }
            if (wanted[1].revents != 0) return std::string();
            std::string chunk(at_most, '\0');
            const auto count = ::read(descriptor_, chunk.data(), chunk.size());
            if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
            if (count < 0) return failed();
            chunk.resize(static_cast<std::size_t>(count));
            return chunk;
        }
    }

    void cancel() override {
        const std::uint64_t one = 1;
        (void)!::write(cancelled_, &one, sizeof one);
    }

private:
    [[nodiscard]] Error failed() const {
        return {ErrorId::usage_file, fmt::format("{}: {}", name_, std::strerror(errno))};
    }

    int descriptor_;
    int cancelled_;
    std::string name_;
};

}  // namespace

Result<std::unique_ptr<client::InputSource>> open_input(const std::string& file) {
    const bool standard = file == "-";
    const int descriptor = standard ? STDIN_FILENO : ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return Error(ErrorId::usage_file, fmt::format("{}: {}", file, std::strerror(errno)));
    const int cancelled = ::eventfd(0, EFD_CLOEXEC);
    if (cancelled < 0) return Error(ErrorId::usage_file, fmt::format("{}: {}", file, std::strerror(errno)));
    return std::unique_ptr<client::InputSource>(
        std::make_unique<DescriptorInput>(descriptor, cancelled, standard ? "standard input" : file));
}

}  // namespace mullion::cli
