// Files of an inventory on this machine: reading them whole, and what is in a folder.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace mullion::inventory {

// A file as it is. A pipe may have its writer so much later; then it is waited for whatever the writer takes.
// Errors: usage.file
[[nodiscard]] Result<std::string> file_text(const std::string& path,
                                            std::chrono::milliseconds patience = std::chrono::seconds(30));

[[nodiscard]] bool is_directory(const std::string& path);
[[nodiscard]] bool exists(const std::string& path);
[[nodiscard]] bool is_executable(const std::string& path);
// Names, sorted as bytes. Errors: usage.file
[[nodiscard]] Result<std::vector<std::string>> directory(const std::string& path);

// "FOLDER/NAME"
[[nodiscard]] std::string inside(std::string folder, std::string_view name);
// Absolute and without "." and ".."; links are not followed.
[[nodiscard]] std::string plain_path(const std::string& path);
// The folder that a file is in; with links followed, where it exists.
[[nodiscard]] std::string folder_of(const std::string& path);
[[nodiscard]] std::string true_path(const std::string& path);

}  // namespace mullion::inventory
