#include "cli/file_input.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>

#include "os/input_file.h"

namespace mullion::cli {
namespace {

class FileInput final : public client::InputSource {
public:
    // A terminal or a pipe may stay silent for ever, and cancel() must still get through.
    FileInput(os::InputFile file, os::UniqueFd cancelled)
        : file_(std::move(file)), cancelled_(std::move(cancelled)) {}

    Result<std::string> next(std::size_t at_most) override {
        std::string chunk(at_most, '\0');
        auto count = file_.read(chunk.data(), chunk.size());
        if (!count.ok() && count.error().id == ErrorId::run_interrupted) return std::string();
        if (!count.ok()) return std::move(count).error();
        chunk.resize(*count);
        return chunk;
    }

    void cancel() override {
        const std::uint64_t one = 1;
        (void)!::write(cancelled_.get(), &one, sizeof one);
    }

private:
    os::InputFile file_;
    os::UniqueFd cancelled_;
};

}  // namespace

Result<std::unique_ptr<client::InputSource>> open_input(const std::string& file) {
    os::UniqueFd cancelled(::eventfd(0, EFD_CLOEXEC));
    if (!cancelled) return os::system_error(ErrorId::usage_file, file, errno);
    os::Patience patience;
    patience.cancelled = cancelled.get();
    std::unique_ptr<client::InputSource> made;
    if (file == "-") {
        os::InputFile standard(STDIN_FILENO, "standard input", cancelled.get());
        made = std::make_unique<FileInput>(std::move(standard), std::move(cancelled));
    } else {
        MULLION_ASSIGN(auto opened, os::InputFile::open(file, patience));
        made = std::make_unique<FileInput>(std::move(opened), std::move(cancelled));
    }
    return made;
}

}  // namespace mullion::cli
