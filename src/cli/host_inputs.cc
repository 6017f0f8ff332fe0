#include "cli/host_inputs.h"

#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>

#include "cli/file_input.h"
#include "os/input_file.h"

namespace mullion::cli {
namespace {

constexpr std::size_t most_in_memory = 64 * 1024 * 1024;

Error file_error(const std::string& name) {
    return {ErrorId::usage_file, fmt::format("{}: {}", name, std::strerror(errno))};
}

// A single host's: the bytes as they come.
class OneInput final : public HostInputs {
public:
    explicit OneInput(std::unique_ptr<client::InputSource> input) : input_(std::move(input)) {}
    std::unique_ptr<client::InputSource> open() override { return std::move(input_); }

private:
    std::unique_ptr<client::InputSource> input_;
};

// A regular file: one descriptor for all, a place in it for each.
class SharedFile final : public HostInputs {
public:
    SharedFile(os::InputFile file, off_t start, std::string name)
        : file_(std::move(file)), start_(start), name_(std::move(name)) {}
    SharedFile(const SharedFile&) = delete;
    SharedFile& operator=(const SharedFile&) = delete;

    std::unique_ptr<client::InputSource> open() override { return std::make_unique<Reader>(*this); }

private:
    class Reader final : public client::InputSource {
    public:
        explicit Reader(const SharedFile& file) : file_(file), at_(file.start_) {}
        Result<std::string> next(std::size_t at_most) override {
            std::string chunk(at_most, '\0');
            ssize_t count = -1;
            do {
                if (cancelled_) return std::string();
                count = ::pread(file_.file_.descriptor(), chunk.data(), chunk.size(), at_);
            } while (count < 0 && errno == EINTR);
            if (count < 0) return file_error(file_.name_);
            at_ += count;
            chunk.resize(static_cast<std::size_t>(count));
            return chunk;
        }
        void cancel() override { cancelled_ = true; }

    private:
        const SharedFile& file_;
        off_t at_;
        std::atomic<bool> cancelled_ = false;
    };

    os::InputFile file_;
    off_t start_;
    std::string name_;
};

// What is in memory, and stays there.
class TextReader final : public client::InputSource {
public:
    explicit TextReader(std::string_view text) : rest_(text) {}
    Result<std::string> next(std::size_t at_most) override {
        if (cancelled_) return std::string();
        const auto chunk = rest_.substr(0, at_most);
        rest_.remove_prefix(chunk.size());
        return std::string(chunk);
    }
    void cancel() override { cancelled_ = true; }

private:
    std::string_view rest_;
    std::atomic<bool> cancelled_ = false;
};

class SharedText final : public HostInputs {
public:
    explicit SharedText(std::string text) : text_(std::move(text)) {}
    std::unique_ptr<client::InputSource> open() override { return std::make_unique<TextReader>(text_); }

private:
    std::string text_;
};

// Its pieces are wiped by whoever sends them.
class SharedSecret final : public HostInputs {
public:
    explicit SharedSecret(Secret value) : value_(std::move(value)) {}
    std::unique_ptr<client::InputSource> open() override {
        return std::make_unique<TextReader>(value_.expose());
    }

private:
    Secret value_;
};

Result<std::string> read_all(os::InputFile& file, const std::string& name) {
    std::string text;
    for (;;) {
        constexpr std::size_t step = 64 * 1024;
        const auto before = text.size();
        text.resize(before + step);
        MULLION_ASSIGN(const std::size_t count, file.read(text.data() + before, step));
        text.resize(before + count);
        if (count == 0) return text;
        if (text.size() > most_in_memory)
            return Error(
                ErrorId::usage_invalid,
                fmt::format("{} has more than 64 MiB, which is kept for the hosts to come: put it into "
                            "a file and name that with --stdin",
                            name));
    }
}

Result<os::InputFile> open_named(const std::string& file) {
    if (file == "-") return os::InputFile(STDIN_FILENO, "standard input");
    return os::InputFile::open(file);
}

}  // namespace

Result<std::unique_ptr<HostInputs>> open_inputs(const std::string& file, bool several) {
    using Made = std::unique_ptr<HostInputs>;
    if (!several) {
        MULLION_ASSIGN(auto input, open_input(file));
        return Made(std::make_unique<OneInput>(std::move(input)));
    }
    const bool standard = file == "-";
    const auto name = standard ? std::string("standard input") : file;
    MULLION_ASSIGN(auto opened, open_named(file));
    if (S_ISREG(opened.facts().st_mode)) {
        const auto start = standard ? ::lseek(STDIN_FILENO, 0, SEEK_CUR) : 0;
        return Made(std::make_unique<SharedFile>(std::move(opened), start, name));
    }
    MULLION_ASSIGN(auto text, read_all(opened, name));
    return Made(std::make_unique<SharedText>(std::move(text)));
}

std::unique_ptr<HostInputs> inputs_of(Secret value) {
    return std::make_unique<SharedSecret>(std::move(value));
}

}  // namespace mullion::cli
