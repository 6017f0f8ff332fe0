#include <yaml.h>

#include <algorithm>
#include <cstring>

#include <fmt/core.h>

#include "yaml/documents.h"

namespace mullion::yaml {
namespace {

std::string_view view_of(const yaml_char_t* text) {
    return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

// The library's words for the faults that people make most often.
std::string clear_words(const yaml_parser_t& parser, char found) {
    const std::string_view problem = parser.problem != nullptr ? parser.problem : "not YAML";
    const std::string_view context = parser.context != nullptr ? parser.context : "";
    if (found == '\t' && problem == "found character that cannot start any token")
        return "a tab where blanks are wanted: YAML takes no tabs for indentation";
    if (context == "while scanning a quoted scalar" && problem == "found unexpected end of stream")
        return "the quote that opens here is not closed";
    if (problem == "mapping values are not allowed in this context")
        return "a second \": \" in one line, or a wrong indentation; quote a value that has \": \" in it";
    if (problem == "could not find expected ':'") return "a key without \":\", or a wrong indentation";
    if (context.empty()) return std::string(problem);
    return fmt::format("{} {}", context, problem);
}

enum class Takes { one_document, all_documents };

class LibraryEvents : public Documents {
public:
    LibraryEvents(std::string_view text, const Options& options, Takes takes)
        : text_(text), options_(options), takes_(takes) {
        ready_ = yaml_parser_initialize(&parser_) == 1;
        if (!ready_) return;
        yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                     text.size());
        yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    }
    LibraryEvents(const LibraryEvents&) = delete;
    LibraryEvents& operator=(const LibraryEvents&) = delete;
    ~LibraryEvents() override {
        yaml_event_delete(&event_);
        if (ready_) yaml_parser_delete(&parser_);
    }

    Result<void> next(Event& out) override {
        out = Event();
        if (ended_) return {};
        while (true) {
            MULLION_TRY(parse());
            out.line = static_cast<unsigned>(event_.start_mark.line + 1);
            switch (event_.type) {
                case YAML_STREAM_START_EVENT:
                    continue;
                case YAML_DOCUMENT_END_EVENT:
                    if (takes_ == Takes::one_document) continue;
                    ended_ = true;
                    return {};
                case YAML_DOCUMENT_START_EVENT:
                    if (++documents_ > 1) return fault(options_, out.line, "a second document is not taken");
                    continue;
                case YAML_STREAM_END_EVENT:
                    ended_ = true;
                    return {};
                default:
                    fill(out);
                    return {};
            }
        }
    }

    Result<bool> begin() override {
        for (Event skipped; documents_ > 0 && !ended_;) MULLION_TRY(next(skipped));
        while (true) {
            MULLION_TRY(parse());
            // After its end the library gives nothing any more.
            if (event_.type == YAML_STREAM_END_EVENT || event_.type == YAML_NO_EVENT) return false;
            if (event_.type != YAML_DOCUMENT_START_EVENT) continue;
            ended_ = false;
            ++documents_;
            return true;
        }
    }

private:
    Result<void> parse() {
        if (!ready_) return fault(options_, 1, "no memory for the YAML reader");
        yaml_event_delete(&event_);
        if (yaml_parser_parse(&parser_, &event_) == 1) return {};
        std::memset(&event_, 0, sizeof event_);
        if (parser_.error == YAML_READER_ERROR) return unreadable();
        auto at = parser_.problem_mark;
        // A quote that is never closed is wrong where it opens.
        if (parser_.context != nullptr && std::strcmp(parser_.context, "while scanning a quoted scalar") == 0)
            at = parser_.context_mark;
        const char found = at.index < text_.size() ? text_[byte_of(at)] : '\0';
        return fault(options_, at.line + 1,
                     fmt::format("{} (column {})", clear_words(parser_, found), at.column + 1));
    }

    // The reader knows the byte only.
    Error unreadable() const {
        const auto offset = std::min<std::size_t>(parser_.problem_offset, text_.size());
        const auto lines =
            std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
        return fault(
            options_, static_cast<std::size_t>(lines) + 1,
            fmt::format("{} (byte {:#04x})", parser_.problem != nullptr ? parser_.problem : "not UTF-8",
                        static_cast<unsigned>(parser_.problem_value)));
    }

    // A mark counts characters, not bytes.
    std::size_t byte_of(const yaml_mark_t& mark) const {
        std::size_t at = 0;
        for (std::size_t characters = 0; at < text_.size(); ++at) {
            const bool begins = (static_cast<unsigned char>(text_[at]) & 0xC0U) != 0x80U;
            if (begins && characters++ == mark.index) return at;
        }
        return text_.empty() ? 0 : text_.size() - 1;
    }

    void fill(Event& out) const {
        switch (event_.type) {
            case YAML_SCALAR_EVENT: {
                const auto& scalar = event_.data.scalar;
                out.kind = Event::Kind::scalar;
                out.text = {reinterpret_cast<const char*>(scalar.value), scalar.length};
                out.plain = scalar.plain_implicit != 0;
                out.tag = view_of(scalar.tag);
                out.anchor = view_of(scalar.anchor);
                return;
            }
            case YAML_MAPPING_START_EVENT:
                out.kind = Event::Kind::map_start;
                out.tag = view_of(event_.data.mapping_start.tag);
                out.anchor = view_of(event_.data.mapping_start.anchor);
                return;
            case YAML_SEQUENCE_START_EVENT:
                out.kind = Event::Kind::list_start;
                out.tag = view_of(event_.data.sequence_start.tag);
                out.anchor = view_of(event_.data.sequence_start.anchor);
                return;
            case YAML_MAPPING_END_EVENT:
                out.kind = Event::Kind::map_end;
                return;
            case YAML_SEQUENCE_END_EVENT:
                out.kind = Event::Kind::list_end;
                return;
            default:
                out.kind = Event::Kind::alias;
                out.text = view_of(event_.data.alias.anchor);
                return;
        }
    }

    std::string_view text_;
    const Options& options_;
    Takes takes_;
    bool ready_ = false, ended_ = false;
    unsigned documents_ = 0;
    yaml_parser_t parser_{};
    yaml_event_t event_{};
};

}  // namespace

Error fault(const Options& options, std::size_t line, std::string_view what) {
    if (options.file.empty()) return {options.error, fmt::format("line {}: {}", line, what)};
    return {options.error, fmt::format("{}:{}: {}", options.file, line, what)};
}

namespace {

Result<std::unique_ptr<LibraryEvents>> events_of(std::string_view text, const Options& options, Takes takes) {
    if (text.size() > options.limits.bytes) {
        const auto name = options.file.empty() ? std::string() : options.file + ": ";
        return Error{options.error, fmt::format("{}over {} bytes", name, options.limits.bytes)};
    }
    // The library takes the mark at the head of a file for a column of the first line.
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    return std::make_unique<LibraryEvents>(text, options, takes);
}

}  // namespace

Result<std::unique_ptr<Events>> library_events(std::string_view text, const Options& options) {
    MULLION_ASSIGN(auto events, events_of(text, options, Takes::one_document));
    return std::unique_ptr<Events>(std::move(events));
}

Result<std::unique_ptr<Documents>> library_documents(std::string_view text, const Options& options) {
    MULLION_ASSIGN(auto events, events_of(text, options, Takes::all_documents));
    return std::unique_ptr<Documents>(std::move(events));
}

}  // namespace mullion::yaml
