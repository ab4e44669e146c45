nav-mine = Việc của tôi
nav-tasks = Nhiệm vụ
nav-wall = Bảng tường
nav-report = Báo cáo
nav-audit = Nhật ký
nav-admin = Quản trị
