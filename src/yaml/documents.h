// Several documents in one text, each a tree.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "yaml/events.h"

namespace mullion::yaml {

// The events of one document after the other; those of each end with `end`.
class Documents : public Events {
public:
    // Goes to the next document, at first to the first one. False: there is none. Errors: options.error
    [[nodiscard]] virtual Result<bool> begin() = 0;
};
// As library_events(). `text` and `options` outlive it.
[[nodiscard]] Result<std::unique_ptr<Documents>> library_documents(std::string_view text,
                                                                   const Options& options);

// All of them; one that has nothing in it ("---" twice) is a null. Limits::nodes counts all documents, and
// each of them is a node itself. Errors: options.error
[[nodiscard]] Result<std::vector<Node>> read_documents(std::string_view text, const Options& options);

}  // namespace mullion::yaml
