#include "transport/content_coding.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace diamgw::transport {
namespace {

http_request asking_for(std::vector<std::string> fields) {
  http_request r{.method = "GET", .path = "/metrics"};
  for (std::string& value : fields) {
    r.headers.emplace_back("accept-encoding", std::move(value));
  }
  return r;
}

std::string from_gzip(const std::string& coded) {
  std::string text(1U << 20U, '\0');
  std::string input = coded;
  z_stream z{};
  EXPECT_EQ(inflateInit2(&z, MAX_WBITS + 16), Z_OK);
  z.next_in = reinterpret_cast<Bytef*>(input.data());
  z.avail_in = static_cast<uInt>(input.size());
  z.next_out = reinterpret_cast<Bytef*>(text.data());
  z.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&z, Z_FINISH), Z_STREAM_END);
  text.resize(z.total_out);
  inflateEnd(&z);
  return text;
}

TEST(AcceptsGzip, AsRfc9110Section12Point5Point3Says) {
  struct row {
    std::vector<std::string> fields;
    bool gzip;
  };
  const row rows[] = {
      {{}, false},
      {{""}, false},
      {{"gzip"}, true},
      {{"GZip"}, true},
      {{"x-gzip"}, true},
      {{"gzip;q=1.0,deflate;q=0.6"}, true},  // Prometheus
      {{"deflate, gzip , br"}, true},
      {{"deflate", "gzip"}, true},
      {{"identity", "gzip;q=0"}, false},
      {{"gzip;q=0"}, false},
      {{"gzip;q=0.000"}, false},
      {{"gzip ; q=0.001"}, true},
      {{"*"}, true},
      {{"*;q=0"}, false},
      {{"gzip;q=0, *"}, false},
      {{"*;q=0, gzip"}, true},
      {{"identity"}, false},
      {{"identity, gzip;q=0.5"}, false},
      {{"identity;q=0.5, gzip;q=0.5"}, true},
      {{"identity;q=0, gzip"}, true},
      {{"deflate, br"}, false},
      {{"gzipped"}, false},
      {{"gzip;q=2"}, false},
      {{"gzip;q=1.001"}, false},
      {{"gzip;q=0.0001"}, false},
      {{"gzip;q="}, false},
      {{"gzip;q=a"}, false},
      {{"gzip;level=9"}, false},
      {{",,;,gzip"}, true},
  };

  for (const row& r : rows) {
    std::string shown;
    for (const std::string& f : r.fields) {
      shown += "[" + f + "]";
    }
    EXPECT_EQ(accepts_gzip(asking_for(r.fields)), r.gzip) << shown;
  }
}

TEST(CodeContent, CodesWhatIsWorthItAndIsAskedFor) {
  std::string text;
  for (int i = 0; i < 1000; ++i) {
    text += "diameter_requests_total{peer=\"ocs.example\"} " + std::to_string(i) + "\n";
  }
  const http_response plain{.body = text};
  http_response coded = plain;
  http_response as_it_is = plain;
  http_response short_one{.body = "ok\n"};

  code_content(asking_for({"gzip"}), coded);
  code_content(asking_for({}), as_it_is);
  code_content(asking_for({"gzip"}), short_one);

  using fields = std::vector<std::pair<std::string, std::string>>;
  EXPECT_LT(coded.body.size() * 4, text.size());
  EXPECT_EQ(from_gzip(coded.body), text);
  EXPECT_EQ(coded.headers, (fields{{"Vary", "Accept-Encoding"}, {"Content-Encoding", "gzip"}}));
  EXPECT_EQ(as_it_is.body, text);
  EXPECT_EQ(as_it_is.headers, (fields{{"Vary", "Accept-Encoding"}}));
  EXPECT_EQ(short_one.body, "ok\n");
  EXPECT_TRUE(short_one.headers.empty());
}

}  // namespace
}  // namespace diamgw::transport
