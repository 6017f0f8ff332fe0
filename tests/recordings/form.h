// When two messages say the same, and when they have the same form.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace mullion::recordings {

// The message with namespaces instead of prefixes, one line for each element, so that equal lists mean equal
// messages. Set aside, because they carry no meaning:
//   the order of the headers; white space around a text;
//   how a boolean is spelt (True, TRUE, true; End="false" is the same as no End);
//   whether the name of a shell to be created is an attribute (the schema) or a child (pypsrp);
//   p:ActivityId, the number under which Windows logs the request.
[[nodiscard]] Result<std::vector<std::string>> canonical_lines(std::string_view message);

// The same without the values that differ from host to host and from run to run: names of elements and
// attributes stay, and so do the values that are vocabulary (actions, states, fault codes, names of streams).
// Repeated lines (chunks of output, items) count once.
[[nodiscard]] Result<std::vector<std::string>> form_lines(std::string_view message);

// The first line in which they differ, both sides, for people; empty when they are equal.
[[nodiscard]] std::string first_difference(const std::vector<std::string>& recorded,
                                           const std::vector<std::string>& ours);

}  // namespace mullion::recordings
