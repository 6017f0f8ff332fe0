// Writes XML front to back into one string; escapes; never writes what the reader would refuse.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mullion::xml {

class Writer {
public:
    explicit Writer(std::size_t reserve = 2048);

    // Names are "prefix:local" and literals of the caller (a name out of data is asked is_ncname() first);
    // the prefix must have been declared by declare(), here or around the place where a fragment goes.
    Writer& open(std::string_view name);
    Writer& declare(std::string_view prefix, std::string_view uri);    // Right after open().
    Writer& attribute(std::string_view name, std::string_view value);  // Right after open().
    // Characters that XML forbids become '?', as Windows does ([MS-WSMV] 2.2.4).
    Writer& text(std::string_view value);
    // Bytes that need no escaping: base64, numbers, URIs known to be plain.
    Writer& plain(std::string_view value);
    // An XML fragment that is well-formed already.
    Writer& raw(std::string_view xml);
    Writer& close();
    Writer& element(std::string_view name, std::string_view value) { return open(name).text(value).close(); }

    // Goes on where `begun` stands, as if all of it had been written here; this one must be empty. For what
    // all documents of a kind begin with.
    Writer& go_on_from(const Writer& begun);

    // Closes nothing by itself: every open() needs its close() before.
    [[nodiscard]] std::string take();
    [[nodiscard]] std::size_t size() const { return out_.size(); }

private:
    struct Open {
        std::size_t at;  // Where its name stands in out_.
        std::size_t length;
    };
    void finish_tag();
    std::string out_;
    std::vector<Open> open_;
    bool in_tag_ = false;
};

}  // namespace mullion::xml
