// In the place of libFuzzer where that is not: feeds each file of the named folders to the target once.
//
//   fuzz_NAME [-…] FOLDER|FILE…     options are libFuzzer's, and passed over
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" __attribute__((weak)) int LLVMFuzzerInitialize(int* count, char*** words);

namespace {

std::vector<std::filesystem::path> files_of(const std::filesystem::path& where) {
    if (!std::filesystem::is_directory(where)) return {where};
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(where)) {
        if (entry.is_regular_file()) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

bool feed(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (!in) return false;
    // A copy that ends where the input ends, so that reading behind it can be seen.
    const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
    std::fprintf(stderr, "%s: %zu bytes\n", path.c_str(), exact.size());
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
    return true;
}

}  // namespace

int main(int count, char** words) {
    if (LLVMFuzzerInitialize != nullptr) LLVMFuzzerInitialize(&count, &words);
    std::size_t fed = 0;
    for (int word = 1; word < count; ++word) {
        if (words[word][0] == '-') continue;
        for (const auto& path : files_of(words[word])) {
            if (!feed(path)) return std::fprintf(stderr, "%s cannot be read\n", path.c_str()), 1;
            ++fed;
        }
    }
    std::fprintf(stderr, "%zu inputs\n", fed);
    return fed == 0 ? 1 : 0;  // A target without seeds tests nothing.
}
