#include "inventory/shell_words.h"

namespace mullion::inventory {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

class Splitter {
public:
    explicit Splitter(std::string_view line) : line_(line) {}

    Result<std::vector<std::string>> split() {
        while (at_ < line_.size()) {
            const char c = line_[at_++];
            if (c == '#') break;
            if (is_blank(c)) {
                finish_word();
            } else if (c == '\'' || c == '"') {
                MULLION_TRY(quoted(c));
            } else if (c == '\\') {
                if (at_ == line_.size()) return open("a backslash ends the line");
                add(line_[at_++]);
            } else {
                add(c);
            }
        }
        finish_word();
        return std::move(words_);
    }

private:
    static Error open(std::string what) { return {ErrorId::inventory_invalid, std::move(what)}; }

    Result<void> quoted(char quote) {
        begun_ = true;  // "" is a word.
        while (at_ < line_.size()) {
            const char c = line_[at_++];
            if (c == quote) return {};
            const bool escape =
                c == '\\' && quote == '"' && at_ < line_.size() && (line_[at_] == '"' || line_[at_] == '\\');
            add(escape ? line_[at_++] : c);
        }
        return open(quote == '"' ? "a double quote is not closed" : "a single quote is not closed");
    }
    void add(char c) {
        begun_ = true;
        word_ += c;
    }
    void finish_word() {
        if (begun_) words_.push_back(std::move(word_));
        word_.clear();
        begun_ = false;
    }

    std::string_view line_;
    std::size_t at_ = 0;
    bool begun_ = false;
    std::string word_;
    std::vector<std::string> words_;
};

}  // namespace

Result<std::vector<std::string>> split_words(std::string_view line) {
    return Splitter(line).split();
}

}  // namespace mullion::inventory
