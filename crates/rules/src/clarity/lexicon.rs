//! Vocabulary that the clarity lint recognises in what people typed. Data, not sentences: nothing
//! here is ever shown. Collected from preparation reference 1.1, the sample plan C.1 and the
//! wording of annexes to Party and government plans; a congress may add verbs of its own
//! (`TaskDraft::extra_verbs`).
//!
//! Positive lists are matched leniently (a phrase typed with a wrong mark still counts as a verb);
//! negative lists strictly (nobody is accused over a missing mark).

use std::sync::LazyLock;

use crate::text::Words;

fn cut(phrases: &[&str]) -> Vec<Words> {
    phrases.iter().map(|p| Words::of(p)).collect()
}

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident = [$($phrase:literal),* $(,)?];)*) => {
        $($(#[$doc])* pub(super) static $name: LazyLock<Vec<Words>> =
            LazyLock::new(|| cut(&[$($phrase),*]));)*
    };
}

lists! {
    /// What a concrete task begins with.
    VERBS = [
        "áp dụng", "ấn định", "ban hành", "bàn giao", "báo cáo", "bảo dưỡng", "bảo đảm", "bảo mật",
        "bảo quản", "bảo trì", "bảo vệ", "biên dịch", "biên soạn", "biên tập", "biểu dương",
        "biểu quyết", "bố trí", "bổ sung", "bổ nhiệm", "bồi dưỡng", "bốc dỡ", "cài đặt", "cải tạo",
        "cảnh báo", "cấp", "cấp cứu", "cấp phát", "cấp phép", "cấu hình", "cập nhật", "cắm biển",
        "cân đối", "chạy thử", "chấm", "chấm điểm", "chấn chỉnh", "chấp thuận", "chế tạo",
        "chỉ đạo", "chỉ định", "chỉnh lý", "chỉnh sửa", "chỉnh trang", "chia", "chọn", "chốt",
        "chủ trì", "chuẩn bị", "chuẩn hóa", "chuyển", "chuyển đổi", "chuyển giao", "chụp",
        "chứng thực", "chứng nhận", "cho ý kiến", "công bố", "công khai", "củng cố", "cung cấp",
        "cung ứng", "cử", "dàn dựng", "dán", "dẫn", "dẫn đường", "diễn tập", "dịch", "duy trì",
        "duyệt", "dựng", "dự báo", "dự kiến", "dự trù", "đánh giá", "đánh số", "đào tạo", "đặt",
        "đặt hàng", "đăng", "đăng ký", "đăng tải", "đấu nối", "đấu thầu", "đề cử", "đề nghị",
        "đề xuất", "điều chỉnh", "điều động", "điều hành", "điều phối", "điều tra", "định giá",
        "đo", "đo đạc", "đo kiểm", "đón", "đón tiếp", "đóng dấu", "đóng gói", "đôn đốc",
        "đối chiếu", "đối soát", "đưa đón", "đưa tin", "đưa vào", "ghi âm", "ghi hình", "ghi nhận",
        "gia cố", "gia hạn", "giải quyết", "giải thích", "giải trình", "giám định", "giám sát",
        "giao", "giao nhận", "giới thiệu", "góp ý", "gửi", "hiệp đồng", "hiệp thương", "hiệu chỉnh",
        "hoàn chỉnh", "hoàn tất", "hoàn thành", "hoàn thiện", "hoàn trả", "họp", "hỗ trợ",
        "hướng dẫn", "huấn luyện", "huy động", "in", "in ấn", "kẻ vẽ", "kết luận", "kết nối",
        "kêu gọi", "kê khai", "khảo sát", "khắc phục", "khai báo", "khai trương", "khen thưởng",
        "khoanh vùng", "khóa sổ", "khôi phục", "khởi động", "khử khuẩn", "kiểm đếm", "kiểm định",
        "kiểm kê", "kiểm nghiệm", "kiểm phiếu", "kiểm soát", "kiểm thử", "kiểm tra", "kiểm toán",
        "kiến nghị", "kiện toàn", "kiểm duyệt", "ký", "ký kết", "lắp", "lắp đặt", "làm", "làm rõ",
        "làm việc", "lấy", "lấy mẫu", "lấy ý kiến", "lập", "lên", "lên phương án", "liên hệ",
        "liệt kê", "loại bỏ", "lồng ghép", "lựa chọn", "luân chuyển", "lưu", "lưu trữ", "mã hóa",
        "mời", "mở", "mở cửa", "mở lớp", "mua", "mua sắm", "mượn", "nâng cấp", "nạp", "nghiệm thu",
        "nghiên cứu", "nhận", "nhận diện", "nhập", "nhắc", "niêm phong", "niêm yết", "nộp",
        "nộp lưu", "nộp trả", "phát", "phát động", "phát hành", "phát sóng", "phát thanh",
        "phát triển", "phân bổ", "phân công", "phân chia", "phân loại", "phân luồng", "phân phối",
        "phân tích", "phê duyệt", "phỏng vấn", "phòng ngừa", "phối hợp", "phổ biến", "phun thuốc",
        "phúc tra", "phục vụ", "phục hồi", "quản lý", "quản trị", "quán triệt", "quay", "quay phim",
        "quét", "quy định", "quy hoạch", "quyết định", "quyết toán", "rà phá", "rà soát", "ra mắt",
        "ra quyết định", "sàng lọc", "sao lưu", "sao y", "sản xuất", "sắp xếp", "số hóa", "soạn",
        "soạn thảo", "sơ duyệt", "sơ kết", "sưu tầm", "sửa", "sửa chữa", "sửa đổi", "sử dụng",
        "tạo", "tạo lập", "tập hợp", "tập huấn", "tập kết", "tặng", "tháo dỡ", "tham dự",
        "tham gia", "tham mưu", "tham quan", "thanh lý", "thanh toán", "thanh tra", "thành lập",
        "thay", "thay thế", "thẩm định", "thẩm tra", "theo dõi", "thi công", "thí điểm", "thiết kế",
        "thiết lập", "thông báo", "thông qua", "thống kê", "thống nhất", "thu", "thu dọn",
        "thu hồi", "thu thập", "thuê", "thuyết minh", "thử nghiệm", "thực hiện", "thường trực",
        "tiến hành", "tiễn", "tiếp đón", "tiếp nhận", "tiếp thu", "tiếp xúc", "tiêu hủy", "tìm",
        "tính", "tính toán", "tổ chức", "tổng duyệt", "tổng hợp", "tổng kết", "tổng vệ sinh",
        "trả", "trả lời", "trang bị", "trang trí", "treo", "triển khai", "triệu tập", "trình",
        "trình bày", "trình chiếu", "trực", "trưng bày", "trưng dụng", "truyền thông",
        "tuyên truyền", "tuyên dương", "tuyển chọn", "tuần tra", "tường thuật", "tư vấn",
        "ứng cứu", "ứng trực", "ủy quyền", "vận chuyển", "vận động", "vận hành", "vẽ", "vệ sinh",
        "viết", "xác định", "xác lập", "xác minh", "xác nhận", "xây dựng", "xếp", "xét",
        "xét duyệt", "xin ý kiến", "xuất bản", "xử lý", "yêu cầu",
    ];

    /// Nouns that begin like one of the verbs.
    NOT_VERBS = [
        "cấp có thẩm quyền", "cấp trên", "cấp dưới", "cấp ủy", "giao ban", "giao thông", "lưu lượng",
        "mở đầu", "nhận thức", "quy định về", "thu nhập", "thu chi", "trình độ", "trình tự",
        "trực thuộc", "trả góp", "tính chất", "phát biểu", "xét về",
    ];

    /// What may stand before the verb.
    BEFORE_VERB = [
        "tiếp tục", "chủ động", "khẩn trương", "tập trung", "kịp thời", "thường xuyên", "nghiêm túc",
        "chủ trì phối hợp", "trực tiếp", "phối hợp",
    ];

    /// Verbs of intent: nobody can say when they are done.
    VAGUE_VERBS = [
        "đẩy mạnh", "tăng cường", "nâng cao", "quan tâm", "chú trọng", "chú ý", "phát huy",
        "phấn đấu", "nỗ lực", "cố gắng", "coi trọng", "đề cao", "lưu ý", "nắm", "nắm chắc",
        "bám sát", "tạo điều kiện", "góp phần", "thúc đẩy", "tích cực",
    ];

    /// Units that are nobody.
    VAGUE_UNITS = [
        "các đơn vị liên quan", "các đơn vị có liên quan", "các cơ quan liên quan",
        "các cơ quan có liên quan", "các cơ quan, đơn vị liên quan",
        "các cơ quan, đơn vị có liên quan", "các ban, ngành liên quan", "các ban ngành",
        "các ban, ngành, đoàn thể", "các bên liên quan", "các sở, ngành liên quan",
        "các sở, ban, ngành liên quan", "các sở, ban, ngành", "các ngành liên quan",
        "các ngành chức năng", "các cấp, các ngành", "các địa phương liên quan",
        "các bộ phận liên quan", "các phòng, ban liên quan", "các tổ chức liên quan",
        "các lực lượng liên quan", "các lực lượng chức năng", "cơ quan chức năng",
        "các cơ quan chức năng", "đơn vị chức năng", "các đơn vị chức năng", "cơ quan hữu quan",
        "các cơ quan hữu quan", "đơn vị liên quan", "cơ quan liên quan", "đơn vị có liên quan",
        "cơ quan có liên quan", "cơ quan, đơn vị liên quan", "cơ quan, đơn vị có liên quan",
        "cá nhân có liên quan", "tổ chức, cá nhân liên quan", "các thành phần liên quan",
    ];

    /// Deadlines that are no date.
    VAGUE_DEADLINES = [
        "sớm", "sớm nhất", "càng sớm càng tốt", "trong thời gian sớm nhất", "kịp thời",
        "thường xuyên", "khẩn trương", "nhanh chóng", "ngay", "liên tục", "định kỳ", "lâu dài",
        "hằng ngày", "hàng ngày", "hằng tuần", "hàng tuần", "trong thời gian tới",
        "thời gian tới", "theo tiến độ", "đúng tiến độ", "bảo đảm tiến độ", "đảm bảo tiến độ",
        "theo yêu cầu", "theo kế hoạch", "theo quy định", "đúng hạn", "đúng thời gian", "khi cần",
        "khi có yêu cầu", "sẽ thông báo sau", "thông báo sau", "chưa xác định",
    ];

    /// Words that say nothing countable about a result.
    VAGUE_RESULTS = [
        "tốt", "rất tốt", "tốt nhất", "đầy đủ", "đạt yêu cầu", "đáp ứng yêu cầu", "hiệu quả",
        "có hiệu quả", "có chất lượng", "bảo đảm chất lượng", "đảm bảo chất lượng", "theo yêu cầu",
        "đúng yêu cầu", "đúng quy định", "theo quy định", "thành công", "thành công tốt đẹp",
        "chu đáo", "trang trọng", "kịp thời", "phù hợp", "hợp lý", "thiết thực", "cơ bản",
        "cơ bản hoàn thành", "nghiêm túc", "an toàn tuyệt đối",   "rõ ràng",
    ];

    /// Words that add nothing to a vague one.
    FILLERS = [
        "và", "các", "mọi", "đảm bảo", "bảo đảm", "yêu cầu", "thực hiện", "hoàn thành", "kết quả",
        "công việc", "nhiệm vụ", "công tác", "được", "theo", "đúng", "phải", "có", "việc",
        "sản phẩm", "một cách", "tổ chức", "đạt", "phục vụ", "Đại hội", "nội dung", "toàn bộ", "chất lượng",
        "quy định",
    ];

    /// Forms that a result can have.
    FORMS = [
        "báo cáo", "văn bản", "quyết định", "kế hoạch", "tờ trình", "thông báo", "kết luận",
        "nghị quyết", "biên bản", "danh sách", "danh mục", "bảng", "sổ", "hồ sơ",
        "dự thảo", "đề án", "phương án", "chương trình", "quy chế", "quy định", "hướng dẫn",
        "phiếu", "sơ đồ", "bản đồ", "bản vẽ", "thẻ", "ảnh", "phim", "video", "bài viết", "tin bài",
        "bài", "thư", "giấy mời", "công văn", "hợp đồng", "dự toán", "quyết toán", "thực đơn",
        "tài liệu", "tệp", "phần mềm", "hệ thống", "tuyến", "máy", "xe",
        "ca trực", "buổi", "cuộc", "hội nghị", "lớp", "công trình",
        "kịch bản", "lịch", "mẫu", "thiết bị", "giấy phép", "giấy chứng nhận", "chứng từ",
        "bản kê", "trạm", "cổng", "pa nô", "băng rôn", "đĩa", "bản ghi",
        "điểm cầu", "đường truyền", "bản tin", "chuyên mục", "ấn phẩm", "sách", "đợt", "lượt",
        "biểu mẫu", "biểu thống kê", "biểu đồ", "bộ hồ sơ", "bộ tài liệu", "bộ chỉ dẫn", "điểm trực",
        "bản so sánh", "bản in", "bản ký", "trang tin",
    ];

    /// Number words that count something.
    NUMBERS = [
        "một", "hai", "ba", "bốn", "sáu", "bảy", "tám", "chín", "mười", "mươi", "trăm", "nghìn",
        "ngàn", "triệu", "toàn bộ", "tất cả", "mỗi",
    ];

    /// Phrases that begin with a number word but count nothing.
    NOT_NUMBERS = ["một số", "một vài", "một phần", "một cách", "một bước", "ba đình", "mỗi khi"];

    /// A number after one of these names a thing instead of counting it.
    BEFORE_NAME = [
        "số", "ngày", "tháng", "năm", "khoản", "điều", "điểm", "mục", "lần thứ", "nhiệm kỳ",
        "khóa", "quý", "trước",
    ];

    /// How the title of one person begins.
    PERSON_TITLES = [
        "trưởng", "phó", "giám đốc", "tổng giám đốc", "tổng biên tập", "chánh", "bí thư",
        "chủ tịch", "chủ nhiệm", "đồng chí", "đ/c", "tổ trưởng", "tổ phó", "đội trưởng", "đội phó",
        "nhóm trưởng", "ủy viên", "viện trưởng", "hiệu trưởng", "cục trưởng", "vụ trưởng",
        "tham mưu trưởng", "chỉ huy trưởng", "chính ủy", "chính trị viên", "tư lệnh", "thư ký",
        "chuyên viên", "kế toán trưởng", "người đứng đầu", "thủ trưởng", "cán bộ", "ông", "bà",
        "thường trực ban", "đoàn trưởng", "trạm trưởng", "quản đốc", "phụ trách",
    ];

    /// How the name of a body begins, wherever the title of a person is expected.
    BODIES = [
        "tập thể", "các", "tất cả", "toàn thể", "lãnh đạo", "ban lãnh đạo", "ban thường vụ",
        "ban chấp hành", "ban giám đốc", "ban", "thường trực", "tiểu ban", "tổ", "nhóm", "đội",
        "đoàn", "hội", "hội đồng", "ủy ban", "UBND", "HĐND", "UBMTTQ", "đảng ủy", "thành ủy",
        "tỉnh ủy", "quận ủy", "huyện ủy", "cấp ủy", "đảng bộ", "chi bộ", "chi ủy", "văn phòng",
        "sở", "phòng", "công an", "bộ tư lệnh", "bộ chỉ huy", "học viện", "trường", "trung tâm",
        "đài", "báo", "mặt trận", "liên đoàn", "cơ quan", "đơn vị", "bộ phận", "bệnh viện",
        "công ty", "tổng công ty", "doanh nghiệp", "chi cục", "cục", "vụ", "viện",
    ];

    /// Ambiguous: the standing member of a sub-committee, or its standing body.
    MAYBE_BODIES = ["thường trực tiểu ban", "thường trực tổ", "thường trực ban tổ chức"];

    /// Anywhere in a title: not one person.
    COLLECTIVE_ANYWHERE = ["tập thể", "các đồng chí", "cùng chịu trách nhiệm", "đồng trách nhiệm"];

    /// Joins two tasks when work follows.
    SIMULTANEOUSLY = ["đồng thời", "bên cạnh đó", "ngoài ra", "cùng với đó"];

    /// After *đồng thời*: part of one task ("đồng thời với lễ khai mạc").
    NOT_A_SECOND_TASK = ["với", "của", "trên", "tại", "ở", "cho"];

    /// *và*.
    AND = ["và"];
}
